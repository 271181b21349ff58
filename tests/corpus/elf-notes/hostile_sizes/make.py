"""A note whose name and descriptor have four gigabytes, JSON that nests without end, a count of mapped files that lies."""

import struct

from tests.builders.elf import Program, note
from tests.builders.elf import build as program


def build() -> bytes:
    notes = note(b"GNU", 3, b"\xaa" * 100)
    notes += note(b"FDO", 0xCAFE1A7E, b"[" * 3000)
    notes += note(b"GNU", 5, struct.pack("<2I", 0xC0000002, 0xFFFF_FFFF))
    notes += struct.pack("<3I", 0xFFFF_FFFF, 0xFFFF_FFF0, 3) + b"GNU\0" + bytes(40)
    return program(Program(notes=notes))
