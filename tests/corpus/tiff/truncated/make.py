"""One that ends early."""

from tests.builders.images_raster import tiff


def build() -> bytes:
    return tiff()[:-30]
