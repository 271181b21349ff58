"""A header, and tokens that do not exist."""

from tests.builders.disks_images import device_tree


def build() -> bytes:
    return device_tree(token=77)
