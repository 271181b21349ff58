"""A user block with something in it."""

from tests.builders.stores_files import HIDDEN, hdf5_file


def build() -> bytes:
    return hdf5_file(user=HIDDEN)
