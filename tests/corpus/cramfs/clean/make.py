"""A file, between other bytes."""

from tests.builders.disks_images import cramfs


def build() -> bytes:
    return b"before" + cramfs(b"read me.txt", b"read me " * 9) + b"after"
