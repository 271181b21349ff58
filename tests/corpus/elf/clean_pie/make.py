"""A 64-bit program: interpreter, dynamic table, symbols, a comment, a .bss."""

from tests.builders.elf import ALLOC, NOBITS, WRITE, Program, Section
from tests.builders.elf import build as program


def build() -> bytes:
    sections = (
        Section(b".comment", data=b"GCC: (GNU) 12.2.0\0"),
        Section(b".bss", NOBITS, flags=WRITE | ALLOC, addr=0x1400, size=0x20),
    )
    return program(Program(sections=sections, relro=True))
