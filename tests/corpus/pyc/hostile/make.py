"""A string that is longer than told, a reference to nothing, lists in each other without an end."""

from tests.builders.bytecode_files import pyc_file


def build() -> bytes:
    good = pyc_file()
    return (
        good.replace(b"s\4\0\0\0d", b"s\xff\xff\0\0d")
        + good.replace(b"r\4\0\0\0", b"r\x63\0\0\0")
        + good[:36]
        + b"[\1\0\0\0" * 150
    )
