"""Two files in a block of fragments, between other bytes."""

from tests.builders.disks_images import squashfs


def build() -> bytes:
    return b"before" + squashfs((b"a.txt", b"first file"), (b"b.txt", b"second " * 9)) + b"after"
