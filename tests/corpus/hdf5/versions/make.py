"""A superblock with a checksum, and one behind a user block."""

from tests.builders.stores_files import hdf5_file


def build() -> bytes:
    return hdf5_file(version=2) + bytes(416) + hdf5_file(version=3)
