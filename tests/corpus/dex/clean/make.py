"""A file with one class, between other bytes."""

from tests.builders.bytecode_files import dex_file


def build() -> bytes:
    return b"before" * 7 + dex_file() + b"after"
