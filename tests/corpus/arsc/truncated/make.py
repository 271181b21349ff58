"""A table of resources, cut short."""

from tests.builders.bytecode_files import arsc_file


def build() -> bytes:
    return arsc_file()[:100]
