"""Strings outside the table, libraries and run paths that others can replace, an array without end."""

from tests.builders.elf import Program
from tests.builders.elf import build as program


def build() -> bytes:
    tags = ((1, 0xFFFF_FFFF_FFFF), (14, 0x7FFF_FFFF), (1, 0), (25, 0x1B0), (27, 0xFFFF_FFFF_FFFF_FFFF))
    needed = (b"../lib/evil.so", b"libc.so.6")
    return program(Program(needed=needed, runpath=b"/tmp/x:lib::/usr/lib", tags=tags))
