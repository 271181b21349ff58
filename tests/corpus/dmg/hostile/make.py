"""A data fork shorter than its blocks, and a block that does not decode."""

from tests.builders.disks_images import dmg


def build() -> bytes:
    return dmg((1, 1, b"raw!" * 128), size=100) + dmg((0x80000005, 1, b"no zlib data"))
