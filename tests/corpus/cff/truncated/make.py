"""One that ends early."""

from tests.builders.fonts_tables import cff


def build() -> bytes:
    return cff()[:-3]
