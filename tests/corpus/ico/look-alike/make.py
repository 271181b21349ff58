"""Directories that lead to no images."""

from tests.builders.images_raster import ico


def build() -> bytes:
    return ico(bytes(60)) + ico(b"\x28" + bytes(80)) + b"\0\0\1\0\1\0" + bytes(40)
