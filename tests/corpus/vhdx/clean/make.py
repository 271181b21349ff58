"""Headers, regions, no block."""

from tests.builders.disks_images import vhdx


def build() -> bytes:
    return vhdx() + b"after"
