"""Pictures of Windows and of OS/2 1, between other bytes."""

from tests.builders.images_raster import bmp


def build() -> bytes:
    return b"before" + bmp() + b"between" + bmp(12, depth=8) + b"after"
