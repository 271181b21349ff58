"""Files in blocks of their own."""

from tests.builders.disks_images import squashfs


def build() -> bytes:
    return squashfs((b"a.txt", b"first file"), (b"b.txt", b"second " * 9), shared=False)
