"""Sides that the codes do not fill."""

from tests.builders.images_plain import qoi


def build() -> bytes:
    return qoi(100000, 100000)[:20] + bytes(3) + qoi()[20:] + qoi(9000, 9000)[:14] + bytes(7) + b"\1"
