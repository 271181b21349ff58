"""A cache with one picture, between other bytes."""

from tests.builders.stores_files import thumbnail_cache


def build() -> bytes:
    return b"before" * 7 + thumbnail_cache() + b"after"
