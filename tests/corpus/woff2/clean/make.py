"""A font with private data, between other bytes."""

from tests.builders.fonts_tables import woff2


def build() -> bytes:
    return b"before" + woff2(private=b"hidden in private") + b"after"
