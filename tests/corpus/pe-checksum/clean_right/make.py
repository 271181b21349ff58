"""A checksum as it should be."""

from dataclasses import replace

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    made = Image(overlay=b"overlay!!")
    return image(replace(made, fields={"CheckSum": checksum(image(made))}))


def checksum(data: bytes) -> int:
    """With the field as zero."""
    total = sum(int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total + len(data)
