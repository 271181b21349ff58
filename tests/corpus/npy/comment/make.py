"""A comment in the header."""

from tests.builders.stores_files import npy_file


def build() -> bytes:
    return npy_file("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), } # something is hidden here")
