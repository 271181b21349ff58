"""A directory in an image for x86, which has no such thing."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, functions, holding


def build() -> bytes:
    return image(holding(functions((0x1000, 0x1010)), {3: (AT, 12)}, plus=False))
