"""Two blocks, between other bytes."""

from tests.builders.stores_files import uf2_file


def build() -> bytes:
    return b"before" * 7 + uf2_file() + b"after"
