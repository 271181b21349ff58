"""A 32-bit big-endian program for PowerPC with a payload appended."""

from tests.builders.macho import POWERPC, Program
from tests.builders.macho import build as program


def build() -> bytes:
    payload = bytes(i * i % 251 for i in range(700))
    return program(Program(wide=False, big=True, cpu=POWERPC, subtype=0, overlay=payload))
