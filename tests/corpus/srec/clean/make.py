"""Lines, between other bytes."""

from tests.builders.stores_files import srec_file


def build() -> bytes:
    return b"before" * 7 + srec_file() + b"after"
