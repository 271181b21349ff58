"""The same in big-endian order."""

from tests.builders.disks_images import cramfs


def build() -> bytes:
    return cramfs(b"read me.txt", b"read me " * 9, order=">")
