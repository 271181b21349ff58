"""A dictionary, cut short."""

from tests.builders.stores_files import bplist_file


def build() -> bytes:
    return bplist_file()[:50]
