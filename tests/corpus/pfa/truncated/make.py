"""One that ends early."""

from tests.builders.fonts_tables import pfa


def build() -> bytes:
    return pfa()[:-9]
