"""More pages than there are, a last page of another number."""

from tests.builders.stores_files import bdb_file


def build() -> bytes:
    return bdb_file(last=1 << 30) + bdb_file(own=7)
