"""An entry that is longer than the file."""

from tests.builders.stores_files import thumbnail_cache


def build() -> bytes:
    return thumbnail_cache(size=1 << 20)
