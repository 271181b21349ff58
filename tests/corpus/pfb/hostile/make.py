"""Segments longer than the file, and none that ends them."""

from tests.builders.fonts_tables import pfb


def build() -> bytes:
    return pfb(lie=0x7FFF) + pfb(end=False)
