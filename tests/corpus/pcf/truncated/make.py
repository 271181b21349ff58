"""One that ends early."""

from tests.builders.fonts_tables import pcf


def build() -> bytes:
    return pcf()[:-4]
