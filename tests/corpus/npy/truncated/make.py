"""Six numbers, cut short."""

from tests.builders.stores_files import npy_file


def build() -> bytes:
    return npy_file()[:140]
