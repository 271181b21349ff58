"""One that ends early."""

from tests.builders.images_plain import qoi


def build() -> bytes:
    return qoi()[:-4]
