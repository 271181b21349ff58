"""A method that is not decoded here."""

from tests.builders.disks_images import dmg


def build() -> bytes:
    return dmg((0x80000007, 1, b"bvxn" + bytes(40)))
