"""One that ends early."""

from tests.builders.images_raster import webp


def build() -> bytes:
    return webp()[:-4]
