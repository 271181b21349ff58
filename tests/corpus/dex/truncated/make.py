"""A file with one class, cut short."""

from tests.builders.bytecode_files import dex_file


def build() -> bytes:
    return dex_file()[:120]
