"""A table of resources, between other bytes."""

from tests.builders.bytecode_files import arsc_file


def build() -> bytes:
    return b"before" * 7 + arsc_file() + b"after"
