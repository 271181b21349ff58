"""A plain 32-bit console program of two sections."""

from tests.builders.pe import build as image


def build() -> bytes:
    return image()
