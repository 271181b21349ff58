"""An animation, and a JPEG in chunks."""

from tests.builders.images_raster import jng, mng


def build() -> bytes:
    return b"before" + mng() + b"between" + jng()
