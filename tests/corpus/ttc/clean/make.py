"""A collection of two, between other bytes."""

from tests.builders.fonts_tables import ttc


def build() -> bytes:
    return b"before" + ttc("Whale", "Dolphin") + b"after"
