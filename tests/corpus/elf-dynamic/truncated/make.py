"""Cut in the dynamic table, which then has no end."""

from tests.builders.elf import Program
from tests.builders.elf import build as program


def build() -> bytes:
    return program(Program(headers=False))[:-40]
