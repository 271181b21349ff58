"""A library cut in its load commands."""

from tests.builders.macho import DYLIB, Program, find
from tests.builders.macho import build as program


def build() -> bytes:
    data = program(Program(type=DYLIB))
    return data[: find(data, 0xC) + 30]
