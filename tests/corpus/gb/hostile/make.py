"""A size of more than there is, and of more than can be."""

from tests.builders.bytecode_files import gameboy_rom


def build() -> bytes:
    rom = bytearray(gameboy_rom())
    rom[0x148] = 0x52
    rom[0x14D] = sum(-byte - 1 for byte in rom[0x134:0x14D]) & 0xFF
    return bytes(rom[:0x180])
