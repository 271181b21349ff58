"""Headers without records."""

from tests.builders.images_plain import metafile


def build() -> bytes:
    return b"\xd7\xcd\xc6\x9a\0\0" + bytes(60) + metafile(placeable=False)[:18] + bytes(9)
