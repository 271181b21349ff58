"""A chunk that is longer than the table."""

from tests.builders.bytecode_files import arsc_file


def build() -> bytes:
    good = arsc_file()
    return good[:16] + b"\xf0\xff\0\0" + good[20:]
