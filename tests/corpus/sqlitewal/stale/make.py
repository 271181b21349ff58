"""A page of the round before."""

from tests.builders.stores_files import HIDDEN, wal_file


def build() -> bytes:
    return wal_file(stale=HIDDEN)
