"""A place outside the file."""

from tests.builders.fonts_tables import ttc


def build() -> bytes:
    return ttc("Whale")[:12] + b"\x7f\xff\xff\xff" + ttc("Whale")[16:]
