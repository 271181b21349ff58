"""Names outside their commands, without an end, with controls in them; libraries twice; a library injected."""

import struct

from tests.builders.macho import Program, command
from tests.builders.macho import build as program


def build() -> bytes:
    lies = (
        command(0xC, struct.pack("<4I", 0xFFFF_FFFF, 0, 0, 0)),
        command(0xC, struct.pack("<4I", 24, 0, 0, 0) + b"relative\x1b[2J.dylib" + b"x" * 5),
        command(0xC, struct.pack("<I", 8)),
        command(0x27, struct.pack("<I", 12) + b"DYLD_INSERT_LIBRARIES=/tmp/evil.dylib\0"),
        command(0xD, struct.pack("<4I", 24, 0, 0, 0) + b"not-a-library\0"),
    )
    twice = b"/usr/lib/libSystem.B.dylib"
    return program(Program(libraries=(twice, twice), rpaths=(b"/Users/Shared/x",) * 2, commands=lies))
