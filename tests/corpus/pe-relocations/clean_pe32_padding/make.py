"""A 32-bit image, with zeros behind the blocks."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, relocations


def build() -> bytes:
    data = relocations((0x1000, (0x3004, 0x1010, 0x2020, 0))) + bytes(20)
    return image(holding(data, {5: (AT, len(data))}, plus=False))
