"""One that ends early."""

from tests.builders.images_plain import metafile


def build() -> bytes:
    return metafile()[:-4]
