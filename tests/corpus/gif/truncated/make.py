"""One that ends early."""

from tests.builders.images_raster import gif


def build() -> bytes:
    return gif()[:-3]
