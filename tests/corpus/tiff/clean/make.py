"""Pictures in both orders, one of them a BigTIFF, between other bytes."""

from tests.builders.images_raster import tiff


def build() -> bytes:
    return b"before" + tiff() + b"between" + tiff(">", big=True) + b"after"
