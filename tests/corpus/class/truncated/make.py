"""A class with a main method, cut short."""

from tests.builders.bytecode_files import java_class


def build() -> bytes:
    return java_class()[:150]
