"""A drawing with a comment, between other bytes."""

from tests.builders.images_plain import emf


def build() -> bytes:
    return b"before" + emf(comment=b"hidden in a comment", description="whale") + b"after"
