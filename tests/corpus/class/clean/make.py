"""A class with a main method, between other bytes."""

from tests.builders.bytecode_files import java_class


def build() -> bytes:
    return b"before" * 7 + java_class() + b"after"
