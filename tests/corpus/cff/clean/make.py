"""A font with a gap, between other bytes."""

from tests.builders.fonts_tables import cff


def build() -> bytes:
    return b"before" + cff(gap=b"hidden in a gap!") + b"after"
