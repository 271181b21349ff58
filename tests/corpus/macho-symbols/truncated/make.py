"""A program cut in its symbol table."""

from tests.builders.macho import Program, find
from tests.builders.macho import build as program


def build() -> bytes:
    data = program(Program(signed=False))
    table = find(data, 2) + 8
    return data[: int.from_bytes(data[table : table + 4], "little") + 37]
