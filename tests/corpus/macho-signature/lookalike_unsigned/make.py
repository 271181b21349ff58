"""A program without a signature that has the words of one in its data."""

from tests.builders.macho import Program, signature
from tests.builders.macho import build as program


def build() -> bytes:
    return program(Program(signed=False, data=signature(b"not this")))
