"""Data that is nothing behind a PNG."""

from tests.builders.several import png


def build() -> bytes:
    return png() + bytes(range(7, 250)) * 3
