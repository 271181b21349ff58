"""Sizes beyond reason and beyond the file."""

from tests.builders.fonts_tables import eot


def build() -> bytes:
    return eot(size=0x7FFFFFFF) + eot(size=5000)
