"""A checksum of more bytes than are there."""

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    return image(Image(fields={"CheckSum": 0x1_0000}))[:0x555]
