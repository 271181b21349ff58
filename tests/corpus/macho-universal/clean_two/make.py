"""Two slices: x86-64 and ARM64."""

from tests.builders.macho import ARM64, X86_64, Program, fat
from tests.builders.macho import build as program


def build() -> bytes:
    return fat(((X86_64, 3, program()), (ARM64, 0, program(Program(cpu=ARM64, subtype=0)))))
