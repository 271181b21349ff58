"""Version 2, encrypted."""

from tests.builders.disks_images import qcow2


def build() -> bytes:
    return qcow2(version=2, crypt=1)
