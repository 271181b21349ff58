"""No name counts."""

from tests.builders.elf import Program, Symbol
from tests.builders.elf import build as program


def build() -> bytes:
    return program(Program(symbols=(Symbol(b"main"), Symbol(b"strcpy"), Symbol(b"_start", 1, shndx=7))))
