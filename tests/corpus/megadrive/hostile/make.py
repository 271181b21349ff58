"""A size of more than there is, a start outside of the ROM."""

from tests.builders.bytecode_files import megadrive_rom


def build() -> bytes:
    return megadrive_rom(size=0x10000) + b"\0\xff\0\0\0\0\1\0" + megadrive_rom()[8:]
