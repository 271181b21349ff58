"""The tables are cut off."""

from tests.builders.disks_images import squashfs


def build() -> bytes:
    return squashfs((b"a.txt", b"first file"), (b"b.txt", b"second " * 9))[:-20]
