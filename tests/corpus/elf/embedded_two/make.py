"""Two files at odd offsets in other data, the second cut by the end."""

from tests.builders.elf import AARCH64, Program
from tests.builders.elf import build as program


def build() -> bytes:
    noise = bytes(i * 7919 % 256 for i in range(1501))
    return noise + program() + b"between" * 33 + program(Program(machine=AARCH64))[:1000]
