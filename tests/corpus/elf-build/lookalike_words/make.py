"""Words that would be marks if they stood elsewhere."""

from tests.builders.elf import Program, Section
from tests.builders.elf import build as program


def build() -> bytes:
    text = b" \xff Go buildinf:\x08\x02 /rustc/not-a-commit/ rustc version 1 GCC: "
    return program(Program(sections=(Section(b".rodata", data=text), Section(b".data", data=text))))
