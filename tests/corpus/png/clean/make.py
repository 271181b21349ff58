"""A picture with a text and a date, between other bytes."""

from tests.builders.images_raster import chunk, png


def build() -> bytes:
    return (
        b"before"
        + png(chunk(b"tEXt", b"Comment\0a whale, seen from above"), chunk(b"tIME", b"\7\xe4\1\2\3\4\5"))
        + b"after"
    )
