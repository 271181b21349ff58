"""A log that ends with its record, cut short."""

from tests.builders.stores_files import evt_file


def build() -> bytes:
    return evt_file()[:100]
