"""A shape of exabytes, a type that is none, a header that never ends."""

from tests.builders.stores_files import npy_file


def build() -> bytes:
    return (
        npy_file("{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }")
        + npy_file("{'descr': '<x9', 'fortran_order': False, 'shape': (2,), }")
        + npy_file("[" * 300)
    )
