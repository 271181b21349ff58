"""One that ends early."""

from tests.builders.fonts_tables import bdf


def build() -> bytes:
    return bdf()[:-9]
