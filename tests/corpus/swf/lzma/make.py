"""A movie in LZMA."""

from tests.builders.bytecode_files import swf_file


def build() -> bytes:
    return swf_file("ZWS") + b"tail"
