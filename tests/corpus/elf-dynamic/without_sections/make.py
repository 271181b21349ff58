"""No section headers: all by PT_DYNAMIC and DT_STRTAB; 32-bit big-endian."""

from tests.builders.elf import Program
from tests.builders.elf import build as program

PPC = 20


def build() -> bytes:
    return program(Program(wide=False, big=True, machine=PPC, headers=False))
