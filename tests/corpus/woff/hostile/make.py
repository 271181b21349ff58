"""Lengths that lie."""

from tests.builders.fonts_tables import woff


def build() -> bytes:
    return woff(length=0x0FFFFFFF) + woff(length=100)
