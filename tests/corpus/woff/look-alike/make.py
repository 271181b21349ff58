"""Headers without tables."""

from tests.builders.fonts_tables import woff


def build() -> bytes:
    return woff()[:44] + bytes(60) + b"wOFF" + bytes(40)
