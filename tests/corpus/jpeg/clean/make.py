"""A picture with a comment and EXIF, between other bytes."""

from tests.builders.images_raster import JFIF, jpeg, segment, tiff


def build() -> bytes:
    exif = tiff(more=((271, 2, 6, b"Nikon\0"), (305, 2, 6, b"pen 2\0")))
    return b"before" + jpeg(JFIF, segment(0xFE, b"seen off Nantucket"), segment(0xE1, b"Exif\0\0" + exif)) + b"after"
