"""Image data that end before their chunk does."""

import zlib

from tests.builders.images_raster import chunk, png


def build() -> bytes:
    return (
        png(end=b"")[:-28]
        + chunk(b"IDAT", zlib.compress(b"\0\1\2\3\0\4\5\6") + b"hidden behind the data")
        + chunk(b"IEND", b"")
    )
