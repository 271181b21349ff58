"""An empty group, between other bytes."""

from tests.builders.stores_files import hdf5_file


def build() -> bytes:
    return b"before" * 7 + hdf5_file() + b"after"
