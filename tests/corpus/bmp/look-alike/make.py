"""Headers whose fields do not agree."""

from tests.builders.images_raster import bmp


def build() -> bytes:
    return b"BM" + bytes(12) + bmp()[14:] + b"BM\x32\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + bytes(30)
