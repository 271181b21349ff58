"""One that ends early."""

from tests.builders.images_scans import xcf


def build() -> bytes:
    return xcf()[:-4]
