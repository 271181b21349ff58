"""A ROM with a trainer."""

from tests.builders.bytecode_files import HIDDEN, nes_rom


def build() -> bytes:
    return nes_rom(trainer=HIDDEN) + b"tail"
