"""An empty group, cut short."""

from tests.builders.stores_files import hdf5_file


def build() -> bytes:
    return hdf5_file()[:200]
