"""Version 1: what is behind the header is closed."""

from tests.builders.disks_images import luks_1


def build() -> bytes:
    return luks_1()
