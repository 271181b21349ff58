"""Blocks, and no directory."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import holding, relocations


def build() -> bytes:
    return image(holding(relocations((0x1000, (0xA000,))), {}))
