"""Chunks longer than the file, and a header whose CRC fails."""

from tests.builders.images_raster import jng, mng


def build() -> bytes:
    return mng()[:8] + b"\x7f\xff\xff\xff" + mng()[12:] + jng()[:20] + b"\xff" * 9 + jng()[29:]
