"""The header alone."""

from tests.builders.disks_images import luks_1


def build() -> bytes:
    return luks_1()[:1000]
