"""Cut in the middle of the first section."""

from tests.builders.pe import build as image


def build() -> bytes:
    return image()[:0x333]
