"""One that ends early."""

from tests.builders.fonts_tables import woff2


def build() -> bytes:
    return woff2()[:-9]
