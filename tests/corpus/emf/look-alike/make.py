"""A header without records."""

from tests.builders.images_plain import emf


def build() -> bytes:
    return emf()[:50] + bytes(60)
