"""A method that is not decoded here: a claim, and what was not seen."""

from tests.builders.disks_images import squashfs


def build() -> bytes:
    return squashfs((b"a.txt", b"first file"), method=6)
