"""One that ends early."""

from tests.builders.images_plain import ilda


def build() -> bytes:
    return ilda(3, 4)[:-40]
