"""A program that imports nothing."""

from tests.builders.pe import build as image


def build() -> bytes:
    return image()
