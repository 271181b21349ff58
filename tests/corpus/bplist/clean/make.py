"""A dictionary, between other bytes."""

from tests.builders.stores_files import bplist_file


def build() -> bytes:
    return b"before" * 7 + bplist_file() + b"after"
