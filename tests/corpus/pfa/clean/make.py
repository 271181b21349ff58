"""A font as text, between other bytes."""

from tests.builders.fonts_tables import pfa


def build() -> bytes:
    return b"before\n" + pfa() + b"after"
