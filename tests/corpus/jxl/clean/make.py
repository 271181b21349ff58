"""A container with metadata, between other bytes."""

from tests.builders.images_scans import box, jxl


def build() -> bytes:
    return b"before" + jxl(box(b"xml ", b"<whale/>")) + b"after"
