"""A gap, a description; an array and a place far outside."""

from tests.builders.images_raster import tiff


def build() -> bytes:
    return (
        tiff(gap=b"bytes that nothing refers to", more=((270, 2, 9, b"a whale.\0"),))
        + tiff(more=((330, 4, 2_000_000_000, b"\0" * 8),))
        + tiff()[:4]
        + b"\xff\xff\xff\x7f"
    )
