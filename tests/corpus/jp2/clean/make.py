"""A picture with metadata and a comment, between other bytes."""

from tests.builders.images_scans import box, jp2


def build() -> bytes:
    return b"before" + jp2(box(b"xml ", b"<whale/>"), comment=b"made at sea") + b"after"
