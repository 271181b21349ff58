"""A font with a comment, between other bytes."""

from tests.builders.fonts_tables import bdf


def build() -> bytes:
    return b"before\n" + bdf(comment="hidden in a comment") + b"after"
