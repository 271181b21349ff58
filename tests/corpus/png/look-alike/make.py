"""Signatures without a header of a picture."""

from tests.builders.images_raster import PNG, chunk


def build() -> bytes:
    return PNG + chunk(b"IEND", b"") + PNG + chunk(b"IHDR", bytes(13)) + PNG + b"\0\0\0\x0dIHDR" + bytes(17)
