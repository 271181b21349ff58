"""A CRC-32 that does not hold."""

from tests.builders.disks_images import cramfs


def build() -> bytes:
    return cramfs(b"read me.txt", b"read me " * 9, wrong=True)
