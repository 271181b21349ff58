"""An end of exabytes."""

from tests.builders.stores_files import gdbm_file


def build() -> bytes:
    return gdbm_file(end=1 << 62) + gdbm_file(end=700)
