"""Two frames and the section that ends them, between other bytes."""

from tests.builders.images_plain import ilda


def build() -> bytes:
    return b"before" + ilda(3, 4) + b"after"
