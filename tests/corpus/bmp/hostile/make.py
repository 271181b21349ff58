"""Sizes that lie, and bytes between header and pixels."""

from tests.builders.images_raster import bmp


def build() -> bytes:
    return bmp(size=3) + bmp(108, gap=b"hidden in the gap") + bmp(size=500_000_000)
