"""A stream behind the end, a list of four billion modules."""

from tests.builders.stores_files import minidump_file


def build() -> bytes:
    good = minidump_file()
    return (
        good[:36] + b"\xff\xff\xff\x7f" + good[40:] + good.replace(b"\1\0\0\0\0\0\x40\0", b"\xff\xff\xff\xff\0\0\x40\0")
    )
