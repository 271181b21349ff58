"""Two files, between other bytes."""

from tests.builders.disks_volumes import exfat


def build() -> bytes:
    return b"before" + exfat(("read me.txt", b"read me"), ("data.bin", b"data" * 300)) + b"after"
