"""Nothing: a fixed address, a stack that is executable, a run path to where everybody writes."""

import struct

from tests.builders.elf import EXEC, GNU_STACK, Program, Symbol
from tests.builders.elf import build as program


def build() -> bytes:
    made = Program(type=EXEC, relro=False, runpath=b"/tmp:$ORIGIN:lib:/opt", symbols=(Symbol(b"gets"),))
    data = bytearray(program(made))
    for number in range(struct.unpack_from("<H", data, 56)[0]):
        at = 64 + 56 * number
        if struct.unpack_from("<I", data, at)[0] == GNU_STACK:
            struct.pack_into("<I", data, at + 4, 7)
    return bytes(data)
