"""A movie in zlib, with a tail."""

from tests.builders.bytecode_files import swf_file


def build() -> bytes:
    return swf_file("CWS") + b"tail"
