"""The volume is cut."""

from tests.builders.disks_volumes import ext2


def build() -> bytes:
    return ext2((b"read me.txt", b"read me"))[:20_000]
