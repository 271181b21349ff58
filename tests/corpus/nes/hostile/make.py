"""Sizes of terabytes, and a start outside of the ROM."""

from tests.builders.bytecode_files import nes_rom


def build() -> bytes:
    return b"NES\x1a\xff\xff\0\x08\0\xff" + bytes(40) + nes_rom(reset=0x1234) + b"more"
