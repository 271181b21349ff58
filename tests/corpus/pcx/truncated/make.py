"""One that ends early."""

from tests.builders.images_plain import pcx


def build() -> bytes:
    return pcx(palette=False)[:-3]
