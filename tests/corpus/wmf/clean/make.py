"""A placeable drawing with a comment, and a bare one."""

from tests.builders.images_plain import metafile


def build() -> bytes:
    return b"before" + metafile(comment=b"hidden in an escape") + b"between" + metafile(placeable=False)
