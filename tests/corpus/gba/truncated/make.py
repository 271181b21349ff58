"""A header, cut short."""

from tests.builders.bytecode_files import gba_rom


def build() -> bytes:
    return gba_rom()[:0xA0]
