"""A root key, between other bytes."""

from tests.builders.stores_files import hive_file


def build() -> bytes:
    return b"before" * 7 + hive_file() + b"after"
