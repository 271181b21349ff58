"""A list of free pages that leads to itself, one that leads out of the file, more pages than there are."""

from tests.builders.stores_files import HIDDEN, sqlite_file


def build() -> bytes:
    loop = bytearray(sqlite_file(free=HIDDEN))
    loop[1024:1028] = b"\0\0\0\3"
    return (
        bytes(loop)
        + b"-"
        + sqlite_file(free=HIDDEN).replace(b"\0\0\0\1\0\0\0\4", b"\0\0\xff\xff\0\0\0\4", 1)
        + b"-"
        + sqlite_file(pages=1 << 30)
    )
