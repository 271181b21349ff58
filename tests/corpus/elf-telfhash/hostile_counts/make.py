"""DT_HASH counts four billion, a name lies outside the strings, a chain of versions goes on behind its table."""

import struct

from tests.builders.elf import Program, Symbol
from tests.builders.elf import build as program


def build() -> bytes:
    symbols = (Symbol(b"a", version=0x7FFF), Symbol(b"b", shndx=0xFFFF), Symbol(b"c", info=0xFF, other=0xFF, shndx=3))
    data = bytearray(program(Program(symbols=symbols, hash="sysv")))
    chains = data.index(struct.pack("<II", 1, 4))
    struct.pack_into("<I", data, chains + 4, 0xFFFF_FFFF)
    table = chains + 32  # DT_HASH has seven words, and padding follows
    struct.pack_into("<I", data, table + 24, 0xFFFF_FFF0)
    needed = data.index(struct.pack("<HHI", 1, 2, data.index(b"libc.so.6\0") - data.index(b"\0libc.so.6\0")))
    struct.pack_into("<2H", data, needed, 1, 0xFFFF)
    struct.pack_into("<I", data, needed + 16 + 16 + 12, 0x10)
    return bytes(data)
