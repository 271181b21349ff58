"""A table, between other bytes."""

from tests.builders.stores_files import sqlite_file


def build() -> bytes:
    return b"before" * 7 + sqlite_file() + b"after"
