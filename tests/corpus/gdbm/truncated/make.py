"""One bucket, cut short."""

from tests.builders.stores_files import gdbm_file


def build() -> bytes:
    return gdbm_file()[:1200]
