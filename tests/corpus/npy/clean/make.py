"""Six numbers, between other bytes."""

from tests.builders.stores_files import npy_file


def build() -> bytes:
    return b"before" * 7 + npy_file() + b"after"
