"""Lengths that lie."""

from tests.builders.images_plain import sunraster


def build() -> bytes:
    return sunraster(stated=0x7FFFFFFF, kind=2) + sunraster(stated=5)
