"""Version 2, whose SHA-256 holds."""

from tests.builders.disks_images import luks_2


def build() -> bytes:
    return luks_2()
