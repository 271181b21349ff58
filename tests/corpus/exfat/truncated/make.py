"""The heap is cut."""

from tests.builders.disks_volumes import exfat


def build() -> bytes:
    return exfat(("read me.txt", b"read me"))[:20_000]
