"""A program that nothing is known of."""

from tests.builders.pe import build as image


def build() -> bytes:
    return image()
