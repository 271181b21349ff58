"""One that ends early."""

from tests.builders.fonts_tables import woff


def build() -> bytes:
    return woff()[:-9]
