"""The trailer is there, what is before it is not."""

from tests.builders.disks_images import dmg


def build() -> bytes:
    return dmg((1, 1, b"raw!" * 128))[400:]
