"""One that ends early."""

from tests.builders.images_raster import png


def build() -> bytes:
    return png()[:-9]
