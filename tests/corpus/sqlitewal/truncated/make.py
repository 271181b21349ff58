"""A log of one page, cut short."""

from tests.builders.stores_files import wal_file


def build() -> bytes:
    return wal_file()[:300]
