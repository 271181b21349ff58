"""A superblock, and a root directory that is not its own."""

from tests.builders.disks_volumes import ext2


def build() -> bytes:
    return ext2((b"read me.txt", b"read me"), root=3)[:9000]
