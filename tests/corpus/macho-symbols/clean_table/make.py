"""Imports by library, exports, a private, a weak, a common and an indirect symbol, stabs."""

from tests.builders.macho import BASE, EXTERNAL, PAGE, PRIVATE, SECTION, Program, Symbol
from tests.builders.macho import build as program


def build() -> bytes:
    rows = (
        Symbol(b"/src/main.c", 0x64),
        Symbol(b"local", SECTION, 1, 0, BASE + PAGE),
        Symbol(b"_hidden", SECTION | EXTERNAL | PRIVATE, 1, 0, BASE + PAGE),
        Symbol(b"_exported", SECTION | EXTERNAL, 1, 0, BASE + PAGE + 8),
        Symbol(b"_weak", SECTION | EXTERNAL, 2, 0x80, BASE + 2 * PAGE),
        Symbol(b"_common", EXTERNAL, 0, 0x300, 64),
        Symbol(b"_alias", 0xA | EXTERNAL, 0, 0, 2),
        Symbol(b"_absolute", 2 | EXTERNAL, 0, 0, 42),
        Symbol(b"_printf", description=0x100),
        Symbol(b"_maybe", description=0x240),
        Symbol(b"_anywhere", description=0xFE00),
        Symbol(b"_nowhere", description=0x2100),
    )
    libraries = (b"/usr/lib/libSystem.B.dylib", b"@rpath/libother.dylib")
    return program(Program(libraries=libraries, symbols=rows))
