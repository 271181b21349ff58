"""A program that knows the magic, and is not packed."""

from tests.builders.elf import Program
from tests.builders.elf import build as program


def build() -> bytes:
    return program(Program(headers=False, overlay=b"UPX! is what UPX writes. " * 20))
