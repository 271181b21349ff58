"""A log as long as its header allows."""

from tests.builders.stores_files import evt_file


def build() -> bytes:
    return evt_file(cut=False)
