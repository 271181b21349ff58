"""A constant that nothing leads to, and an attribute that nobody knows."""

from tests.builders.bytecode_files import HIDDEN, java_class


def build() -> bytes:
    return java_class(unused=HIDDEN, attribute=HIDDEN)
