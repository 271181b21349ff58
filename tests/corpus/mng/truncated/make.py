"""One that ends early."""

from tests.builders.images_raster import mng


def build() -> bytes:
    return mng()[:-20]
