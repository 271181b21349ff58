"""A dex file as Dalvik installs it, between other bytes."""

from tests.builders.bytecode_files import odex_file


def build() -> bytes:
    return b"before" * 7 + odex_file() + b"after"
