"""A gap; an image longer than the file."""

from tests.builders.images_raster import dib, ico


def build() -> bytes:
    return ico(dib(), gap=b"between directory and images") + ico(dib())[:14] + b"\xff\xff\xff\0\x16\0\0\0" + dib()
