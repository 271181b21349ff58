"""Cut behind Go's version: the section headers are gone with the rest, and the data is no place to search in place."""

from tests.builders.elf import Program, Section
from tests.builders.elf import build as program


def build() -> bytes:
    data = program(Program(sections=(Section(b".comment", data=b"GCC: (GNU) 12.2.0\0"),)))
    return data[: data.index(b"GCC: ") + 9]
