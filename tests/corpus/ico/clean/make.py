"""An icon of a PNG and a bitmap, and a cursor, between other bytes."""

from tests.builders.images_raster import dib, ico, png


def build() -> bytes:
    return b"x" * 9 + ico(png(), dib()) + b"y" * 9 + ico(dib(), kind=2)
