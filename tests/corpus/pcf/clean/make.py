"""A font with a gap, between other bytes."""

from tests.builders.fonts_tables import pcf


def build() -> bytes:
    return b"before" + pcf(gap=b"hidden in a gap!") + b"after"
