"""A cache with one picture, cut short."""

from tests.builders.stores_files import thumbnail_cache


def build() -> bytes:
    return thumbnail_cache()[:100]
