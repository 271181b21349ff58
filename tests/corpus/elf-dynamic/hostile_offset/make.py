"""PT_DYNAMIC has an offset that its address belies, and a size of 0."""

import struct

from tests.builders.elf import DYNAMIC, Program
from tests.builders.elf import build as program


def build() -> bytes:
    data = bytearray(program(Program(headers=False)))
    for number in range(struct.unpack_from("<H", data, 56)[0]):
        at = 64 + 56 * number
        if struct.unpack_from("<I", data, at)[0] == DYNAMIC:
            struct.pack_into("<Q", data, at + 8, 0x40)
            struct.pack_into("<QQ", data, at + 32, 0, 0)
    return bytes(data)
