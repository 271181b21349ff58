"""A font with metadata and private data, between other bytes."""

from tests.builders.fonts_tables import woff


def build() -> bytes:
    return b"before" + woff(metadata=b"<metadata>" * 9, private=b"hidden in private") + b"after"
