"""The form of 64 bits, of a static library and a program, with data appended."""

from tests.builders.macho import ARM64, X86_64, fat
from tests.builders.macho import build as program


def build() -> bytes:
    member = b"!<arch>\nempty/          0           0     0     100644  0         `\n"
    return fat(((ARM64, 0, member), (X86_64, 3, program())), wide=True) + b"appended" * 40
