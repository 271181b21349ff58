"""Two pages, between other bytes."""

from tests.builders.stores_files import bdb_file


def build() -> bytes:
    return b"before" * 7 + bdb_file() + b"after"
