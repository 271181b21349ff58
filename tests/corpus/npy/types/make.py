"""Types of several fields, of text, and as Python 2 wrote them."""

from tests.builders.stores_files import npy_file


def build() -> bytes:
    return npy_file(
        "{'descr': [('x', '<f8', (2,)), ('y', '<U3')], 'fortran_order': True, 'shape': (2,), }", bytes(56)
    ) + npy_file("{'descr': '|S5', 'fortran_order': False, 'shape': (3L,), }", b"whale" * 3)
