"""A manifest, cut short."""

from tests.builders.bytecode_files import axml_file


def build() -> bytes:
    return axml_file()[:100]
