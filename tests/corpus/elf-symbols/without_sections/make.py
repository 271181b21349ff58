"""No section headers: DT_HASH counts the symbols; 32-bit."""

from tests.builders.elf import M386, Program
from tests.builders.elf import build as program


def build() -> bytes:
    return program(Program(wide=False, machine=M386, hash="sysv", headers=False))
