"""A size and a checksum that lie; a record longer than the file."""

from tests.builders.images_plain import metafile


def build() -> bytes:
    return (
        metafile(size=7)
        + metafile()[:20]
        + b"\0\0"
        + metafile()[22:]
        + metafile()[:40]
        + b"\xff\xff\xff\x0f"
        + metafile()[44:]
    )
