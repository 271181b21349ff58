"""EI_CLASS and EI_DATA are lies that Linux ignores; bytes where the identification has zeros."""

from tests.builders.elf import Program
from tests.builders.elf import build as program


def build() -> bytes:
    return program(Program(headers=False, patches={4: b"\x01\x02", 9: b"hidden!"}))
