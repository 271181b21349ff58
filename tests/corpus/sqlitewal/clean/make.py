"""A log of one page, between other bytes."""

from tests.builders.stores_files import wal_file


def build() -> bytes:
    return b"before" * 7 + wal_file() + b"after"
