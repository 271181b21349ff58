"""The regions are cut off."""

from tests.builders.disks_images import vhdx


def build() -> bytes:
    return vhdx()[:-100]
