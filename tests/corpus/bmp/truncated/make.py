"""One that ends early."""

from tests.builders.images_raster import bmp


def build() -> bytes:
    return bmp()[:-5]
