"""Headers without names and a font."""

from tests.builders.fonts_tables import eot


def build() -> bytes:
    return eot()[:82] + bytes(200) + eot()[:36] + bytes(60)
