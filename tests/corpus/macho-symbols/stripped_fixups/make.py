"""No symbol table's rows: exports from the trie, one passed on under another name, imports from chained fixups."""

import struct

from tests.builders.macho import Program
from tests.builders.macho import build as program


def build() -> bytes:
    names = b"\0_malloc\0_weak_one\0"
    rows = struct.pack("<2I", 1 | 1 << 9, 0xFE | 1 << 8 | 9 << 9)
    fixups = struct.pack("<7I", 0, 28, 28, 28 + len(rows), 2, 1, 0) + rows + names
    fixups += bytes(-len(fixups) % 8)
    leaf, passed = b"\x02\x00\x40\x00", b"\x08\x08\x01_other\0\x00"
    head = b"\x00\x02_own\0\x14_passed\0\x18"
    trie = head.ljust(0x14, b"\0") + leaf + passed
    return program(Program(symbols=(), trie=trie, fixups=fixups))
