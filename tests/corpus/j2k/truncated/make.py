"""One that ends early."""

from tests.builders.images_scans import codestream


def build() -> bytes:
    return codestream()[:-5]
