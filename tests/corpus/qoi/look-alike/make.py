"""Headers without codes."""

from tests.builders.images_plain import qoi


def build() -> bytes:
    return b"qoif" + bytes(30) + qoi()[:14] + bytes(7)
