"""An image with a comment and a loop, between other bytes."""

from tests.builders.images_raster import gif, gif_extension


def build() -> bytes:
    return (
        b"before"
        + gif(gif_extension(0xFE, b"thar she blows"), gif_extension(0xFF, b"NETSCAPE2.0", b"\1\0\0"))
        + b"after"
    )
