"""An unknown chunk; a size beyond the file."""

from tests.builders.images_raster import webp


def build() -> bytes:
    return webp((b"WHAL", b"hidden in a chunk")) + webp(size=0x7FFFFFF0)
