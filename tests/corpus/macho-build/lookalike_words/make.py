"""The words in a section that neither linker writes them to."""

from tests.builders.macho import Program
from tests.builders.macho import build as program


def build() -> bytes:
    words = b"\xff Go buildinf:\x08\x02".ljust(32, b"\0") + b"\x08go1.26.1\0 /rustc/82e1608dfa6e0b5569232559e3d385fe/"
    return program(Program(data=words))
