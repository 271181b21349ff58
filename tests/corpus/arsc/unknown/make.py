"""A chunk that nobody knows."""

from tests.builders.bytecode_files import HIDDEN, arsc_file


def build() -> bytes:
    return arsc_file(unknown=HIDDEN + b".")
