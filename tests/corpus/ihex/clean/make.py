"""Lines, between other bytes."""

from tests.builders.stores_files import ihex_file


def build() -> bytes:
    return b"before" * 7 + ihex_file() + b"after"
