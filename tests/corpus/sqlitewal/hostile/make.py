"""A checksum that lies, and a page that is longer than the file."""

from tests.builders.stores_files import wal_file


def build() -> bytes:
    return wal_file(sums=False) + wal_file()[:100]
