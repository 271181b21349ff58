"""Tags beyond the size, a size beyond reason, and one beyond the file."""

from tests.builders.images_plain import icc


def build() -> bytes:
    return icc((b"cprt", b"text"), size=140) + icc(size=0x7FFFFFFF) + icc(size=5000)
