"""One that ends early."""

from tests.builders.fonts_tables import ttc


def build() -> bytes:
    return ttc("Whale", "Dolphin")[:-9]
