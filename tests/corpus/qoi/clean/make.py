"""A picture between other bytes."""

from tests.builders.images_plain import qoi


def build() -> bytes:
    return b"before" + qoi() + b"after"
