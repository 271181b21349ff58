"""A log that ends with its record, between other bytes."""

from tests.builders.stores_files import evt_file


def build() -> bytes:
    return b"before" * 7 + evt_file() + b"after"
