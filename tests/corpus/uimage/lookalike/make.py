"""The magic number without the header's CRC-32."""

from tests.builders.disks_images import uimage


def build() -> bytes:
    return uimage().replace(b"Whale", b"whale")
