"""A table, cut short."""

from tests.builders.stores_files import sqlite_file


def build() -> bytes:
    return sqlite_file()[:700]
