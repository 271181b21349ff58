"""Signatures and names of chunks without their CRCs."""

from tests.builders.images_raster import jng


def build() -> bytes:
    return b"\x8aMNG\r\n\x1a\n\0\0\0\x1cMHDR" + bytes(40) + jng()[:16] + bytes(40)
