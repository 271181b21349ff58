"""A library with a name of its own, libraries of all kinds, run paths and a variable for the loader."""

import struct

from tests.builders.macho import DYLIB, Program, command
from tests.builders.macho import build as program


def build() -> bytes:
    kinds = (0x8000_0018, 0x8000_001F, 0x20, 0x8000_0023)
    more = tuple(
        command(kind, struct.pack("<4I", 24, 2, 0x10203, 0x10000) + b"@rpath/lib%d.dylib\0" % number)
        for number, kind in enumerate(kinds)
    )
    marked = command(0xC, struct.pack("<5I", 28, 0x1A741800, 0x10000, 0x10000, 8) + b"@loader_path/late.dylib\0")
    client = command(0x14, struct.pack("<I", 12) + b"friend\0")
    return program(Program(type=DYLIB, rpaths=(b"@loader_path/../lib", b"/tmp/lib"), commands=(*more, marked, client)))
