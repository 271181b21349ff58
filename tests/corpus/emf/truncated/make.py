"""One that ends early."""

from tests.builders.images_plain import emf


def build() -> bytes:
    return emf()[:-4]
