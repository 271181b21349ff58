"""An animation with a compressed text and a profile, which are children."""

import zlib

from tests.builders.images_raster import chunk, png, tiff


def build() -> bytes:
    return png(
        chunk(b"acTL", b"\0\0\0\2\0\0\0\0"),
        chunk(b"zTXt", b"Title\0\0" + zlib.compress(b"the whale " * 9)),
        chunk(b"iCCP", b"p\0\0" + zlib.compress(b"profile" * 9)),
        chunk(b"iTXt", b"A\0\1\0en\0\0" + zlib.compress(b"uncut " * 9)),
        chunk(b"eXIf", tiff()),
    )
