"""Brands without items."""

from tests.builders.images_scans import box, heif


def build() -> bytes:
    return heif()[:24] + bytes(60) + box(b"ftyp", b"avif\0\0\0\0avif") + box(b"mdat", bytes(30))
