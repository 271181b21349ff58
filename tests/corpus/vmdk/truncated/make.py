"""The grain is cut."""

from tests.builders.disks_images import vmdk


def build() -> bytes:
    return vmdk()[:-9]
