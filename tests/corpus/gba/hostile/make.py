"""A checksum that lies."""

from tests.builders.bytecode_files import gba_rom


def build() -> bytes:
    return gba_rom()[:0xBD] + b"\0" + gba_rom()[0xBE:]
