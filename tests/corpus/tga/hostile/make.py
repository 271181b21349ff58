"""A footer that leads outside."""

from tests.builders.images_plain import tga


def build() -> bytes:
    return tga()[:-26] + b"\xff" * 8 + tga()[-18:]
