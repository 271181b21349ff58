"""A movie that is not compressed, cut short."""

from tests.builders.bytecode_files import swf_file


def build() -> bytes:
    return swf_file()[:100]
