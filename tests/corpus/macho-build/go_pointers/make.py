"""Module information as Go before 1.18 writes it, by pointers, one of which leads outside."""

import struct

from tests.builders.macho import BASE, PAGE, Program
from tests.builders.macho import build as program


def build() -> bytes:
    at = BASE + 2 * PAGE
    data = b"\xff Go buildinf:\x08\x00" + struct.pack("<2Q", at + 32, at + 0x10_0000)
    data += struct.pack("<2Q", at + 48, 6) + b"go1.16"
    return program(Program(data=data, data_section=(b"__DATA", b"__go_buildinfo")))
