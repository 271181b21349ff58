"""One that ends early."""

from tests.builders.images_raster import dib, ico


def build() -> bytes:
    return ico(dib(), dib())[:-10]
