"""One that ends early."""

from tests.builders.images_plain import xbm


def build() -> bytes:
    return xbm()[:-9]
