"""Cut behind the program headers: what they say stands."""

from tests.builders.elf import Program
from tests.builders.elf import build as program


def build() -> bytes:
    return program(Program(headers=False))[: 64 + 56 * 6]
