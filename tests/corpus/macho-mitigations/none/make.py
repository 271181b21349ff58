"""A program with none of it: no PIE, an executable stack, a segment to write and execute, no signature."""

from tests.builders.macho import Program, R, Symbol, W, X
from tests.builders.macho import build as program


def build() -> bytes:
    return program(Program(flags=0x2_0085, signed=False, symbols=(Symbol(b"_gets"),), text_protection=R | W | X))
