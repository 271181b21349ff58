"""What is encrypted begins 2 TiB away."""

from tests.builders.disks_images import luks_1


def build() -> bytes:
    return luks_1(payload=0xFFFFFFFF)
