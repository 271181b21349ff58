"""One that ends early."""

from tests.builders.images_plain import icc


def build() -> bytes:
    return icc((b"cprt", b"text\0\0\0\0nobody"))[:-4]
