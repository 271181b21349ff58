"""One that ends early."""

from tests.builders.fonts_tables import pfb


def build() -> bytes:
    return pfb()[:-30]
