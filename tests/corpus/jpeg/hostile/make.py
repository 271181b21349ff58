"""Bytes that belong to no segment, and one longer than the file."""

from tests.builders.images_raster import JFIF, jpeg, segment


def build() -> bytes:
    return (
        jpeg(JFIF, segment(0xE2, b"anything at all"), b"between markers!") + b"\xff\xd8\xff\xe0\xff\xffJFIF" + bytes(50)
    )
