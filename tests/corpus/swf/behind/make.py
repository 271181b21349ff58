"""Bytes behind the tag that ends the movie."""

from tests.builders.bytecode_files import HIDDEN, swf_file


def build() -> bytes:
    return swf_file(behind=HIDDEN)
