"""The other order of bytes."""

from tests.builders.stores_files import bdb_file


def build() -> bytes:
    return bdb_file(big=True)
