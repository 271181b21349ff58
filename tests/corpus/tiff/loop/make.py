"""A chain of directories that leads back to itself, and a digital negative."""

from tests.builders.images_raster import tiff


def build() -> bytes:
    return tiff()[:-4] + b"\x10\0\0\0" + tiff(more=((50706, 1, 4, b"\1\4\0\0"),))
