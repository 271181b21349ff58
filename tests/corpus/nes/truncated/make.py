"""A ROM of 256 bytes, cut short."""

from tests.builders.bytecode_files import nes_rom


def build() -> bytes:
    return nes_rom()[:100]
