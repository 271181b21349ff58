"""An object that asks for nothing."""

from tests.builders.macho import OBJECT, Program
from tests.builders.macho import build as program


def build() -> bytes:
    return program(Program(type=OBJECT, libraries=(), signed=False))
