"""The magic in a text, and a header whose first page is none."""

from tests.builders.stores_files import sqlite_file


def build() -> bytes:
    return b"SQLite format 3\0 is what databases begin with. " * 3 + sqlite_file()[:100] + bytes(40)
