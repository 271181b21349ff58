"""A region table whose CRC-32C does not hold."""

from tests.builders.disks_images import vhdx


def build() -> bytes:
    return vhdx(wrong=True)
