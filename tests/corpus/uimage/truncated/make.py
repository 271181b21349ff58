"""The data is cut."""

from tests.builders.disks_images import uimage


def build() -> bytes:
    return uimage()[:-9]
