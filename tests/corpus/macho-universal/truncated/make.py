"""A universal file cut in its first slice."""

from tests.builders.macho import ARM64, X86_64, fat
from tests.builders.macho import build as program


def build() -> bytes:
    return fat(((X86_64, 3, program()), (ARM64, 0, program())))[:9000]
