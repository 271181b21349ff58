"""Cut in the optional header."""

from tests.builders.pe import build as image


def build() -> bytes:
    return image()[: 0x80 + 24 + 70]
