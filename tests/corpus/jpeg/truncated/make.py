"""One that ends early."""

from tests.builders.images_raster import JFIF, jpeg


def build() -> bytes:
    return jpeg(JFIF)[:-6]
