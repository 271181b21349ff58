"""A manifest, between other bytes."""

from tests.builders.bytecode_files import axml_file


def build() -> bytes:
    return b"before" * 7 + axml_file() + b"after"
