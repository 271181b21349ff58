"""A movie that is not compressed, between other bytes."""

from tests.builders.bytecode_files import swf_file


def build() -> bytes:
    return b"before" * 7 + swf_file() + b"after"
