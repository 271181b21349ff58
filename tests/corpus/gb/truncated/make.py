"""A ROM, cut short."""

from tests.builders.bytecode_files import gameboy_rom


def build() -> bytes:
    return gameboy_rom()[:0x200]
