"""Extensions of unknown kinds, zeros before the trailer; sub-blocks longer than the file."""

from tests.builders.images_raster import gif, gif_extension


def build() -> bytes:
    return (
        gif(
            gif_extension(0x77, b"of no known kind"),
            gif_extension(0xFF, b"XMP DataXMP", b"q" * 200),
            version=b"87a",
            end=b"\0\0;",
        )
        + gif()[:-2]
        + b"\xff"
    )
