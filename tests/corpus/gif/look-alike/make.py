"""Signatures, and a screen without an image."""

from tests.builders.images_raster import gif


def build() -> bytes:
    return b"GIF89a" + bytes(30) + b"GIF87a;" + bytes(9) + gif()[:19] + b";"
