"""Out of order, outside the image, of a size that is none."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, functions, holding


def build() -> bytes:
    data = functions((0x1100, 0x1110), (0x1000, 0xFFFF_FFFF), (0x1200, 0x1200))
    return image(holding(data, {3: (AT, 0xFFFF_FFFD)}))
