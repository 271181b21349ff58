"""Python objects."""

from tests.builders.stores_files import npy_file


def build() -> bytes:
    return npy_file("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", b"\x80\2]q\0(K\1Nte.") + b"tail"
