"""Arrays of fewer numbers than the sides ask for."""

from tests.builders.images_plain import xbm


def build() -> bytes:
    return xbm(count=3) + xbm(99999, 99999, count=4)
