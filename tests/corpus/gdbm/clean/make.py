"""One bucket, between other bytes."""

from tests.builders.stores_files import gdbm_file


def build() -> bytes:
    return b"before" * 7 + gdbm_file() + b"after"
