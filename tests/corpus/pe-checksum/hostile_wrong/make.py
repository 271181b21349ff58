"""A header at an odd place, and a checksum that is none."""

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    return image(Image(e_lfanew=0x81, fields={"CheckSum": 0xFFFF_FFFF}))
