"""Two pages, cut short."""

from tests.builders.stores_files import bdb_file


def build() -> bytes:
    return bdb_file()[:600]
