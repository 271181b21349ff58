"""A chunk that nobody knows."""

from tests.builders.bytecode_files import HIDDEN, axml_file


def build() -> bytes:
    return axml_file(unknown=HIDDEN + b".")
