"""A trailer without a property list."""

from tests.builders.disks_images import dmg


def build() -> bytes:
    return dmg((1, 1, b"raw!" * 128)).replace(b"<?xml", b"+?xml").replace(b"<plist", b"+plist")
