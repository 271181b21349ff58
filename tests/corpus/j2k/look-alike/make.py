"""Beginnings without an end."""

from tests.builders.images_scans import codestream


def build() -> bytes:
    return codestream()[:30] + bytes(60) + b"\xff\x4f\xff\x51\0\x29\0\0" + bytes(60)
