"""One that ends early."""

from tests.builders.fonts_tables import eot


def build() -> bytes:
    return eot()[:-9]
