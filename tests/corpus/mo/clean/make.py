"""Two texts, between other bytes."""

from tests.builders.stores_files import mo_file


def build() -> bytes:
    return b"before" * 7 + mo_file() + b"after"
