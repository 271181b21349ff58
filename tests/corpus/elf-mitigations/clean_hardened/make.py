"""All there is: position-independent, bound at once, canaries, fortified, with control-flow protection."""

import struct

from tests.builders.elf import Program, Symbol, note
from tests.builders.elf import build as program


def build() -> bytes:
    features = note(b"GNU", 5, struct.pack("<3I4x", 0xC0000002, 4, 3))
    symbols = tuple(Symbol(name) for name in (b"__stack_chk_fail", b"__memcpy_chk", b"__printf_chk", b"strcpy"))
    tags = ((0x6FFFFFFB, 0x0800_0001),)
    return program(Program(symbols=symbols, tags=tags, notes=features))
