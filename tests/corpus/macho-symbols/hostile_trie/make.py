"""A trie that leads in circles and outside, names out of range, a count of imports that lies."""

import struct

from tests.builders.macho import EXTERNAL, SECTION, Program, Symbol, find
from tests.builders.macho import build as program


def build() -> bytes:
    trie = (
        b"\x00\x04"
        + b"a\0\x00"
        + b"b\0\x16"
        + b"c\0\xff\x7f"
        + b"d\0\x18"
        + bytes(5)
        + b"\x05\x00\x10\x00"
        + b"\xff" * 12
    )
    fixups = struct.pack("<7I", 0, 28, 28, 32, 0xFFFF_FFFF, 3, 0) + bytes(12)
    rows = (Symbol(b"_a\x1b[31m"), Symbol(b"_b", SECTION | EXTERNAL, 99))
    data = program(Program(symbols=rows, trie=trie, fixups=fixups))
    strings = find(data, 2) + 8 + 12
    return data[:strings] + struct.pack("<I", 3) + data[strings + 4 :]
