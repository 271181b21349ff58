"""A free page, and bytes before the cells of the first."""

from tests.builders.stores_files import HIDDEN, sqlite_file


def build() -> bytes:
    return sqlite_file(free=HIDDEN, slack=HIDDEN)
