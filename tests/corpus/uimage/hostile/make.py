"""A CRC-32 of the data that does not hold, and a size of 4 GiB."""

from tests.builders.disks_images import uimage


def build() -> bytes:
    return uimage(wrong=True) + uimage(size=0xFFFFFFFF)
