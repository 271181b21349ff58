"""Two files at odd offsets in other data, the second cut by the end."""

from tests.builders.macho import ARM64, DYLIB, Program
from tests.builders.macho import build as program


def build() -> bytes:
    noise = bytes(i * 7919 % 256 for i in range(1501))
    second = program(Program(cpu=ARM64, subtype=0, type=DYLIB, signed=False))
    return noise + program() + b"between" * 33 + second[:9000]
