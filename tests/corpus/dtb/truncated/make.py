"""The strings are cut."""

from tests.builders.disks_images import device_tree


def build() -> bytes:
    return device_tree((b"model", b"Whale\0"))[:-3]
