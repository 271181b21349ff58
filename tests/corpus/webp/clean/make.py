"""A picture with metadata, between other bytes."""

from tests.builders.images_raster import webp


def build() -> bytes:
    return b"before" + webp((b"EXIF", b"Exif\0\0MM\0*" + bytes(20)), (b"XMP ", b"<x:xmpmeta/>")) + b"after"
