"""Imports with versions of the C library, exports, a hidden one, a symbol of an absolute value."""

from tests.builders.elf import Program, Symbol
from tests.builders.elf import build as program


def build() -> bytes:
    symbols = (
        Symbol(b"printf", version=2),
        Symbol(b"__stack_chk_fail", version=3),
        Symbol(b"weak_import", info=0x20),
        Symbol(b"exported", 0x280, 8, shndx=7),
        Symbol(b"old_exported", 0x288, 8, shndx=7, version=0x8001),
        Symbol(b"data", 0x1400, 4, info=0x11, shndx=0xFFF1),
        Symbol(b"private", 0x290, 8, other=2, shndx=7),
    )
    return program(Program(symbols=symbols))
