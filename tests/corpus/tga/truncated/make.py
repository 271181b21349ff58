"""One that ends early."""

from tests.builders.images_plain import tga


def build() -> bytes:
    return tga(comment=b"x")[:-3]
