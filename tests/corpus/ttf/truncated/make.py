"""One that ends early."""

from tests.builders.fonts_tables import sfnt


def build() -> bytes:
    return sfnt()[:-20]
