"""DT_HASH counts four billion, for which there is no room; a name lies outside the strings."""

import struct

from tests.builders.elf import Program, Symbol
from tests.builders.elf import build as program


def build() -> bytes:
    data = bytearray(program(Program(symbols=(Symbol(b"__stack_chk_fail"), Symbol(b"gets")), hash="sysv")))
    chains = data.index(struct.pack("<II", 1, 3))
    struct.pack_into("<I", data, chains + 4, 0xFFFF_FFFF)
    struct.pack_into("<I", data, chains + 24 + 48, 0xFFFF_FFF0)
    return bytes(data)
