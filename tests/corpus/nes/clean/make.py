"""A ROM of 256 bytes, between other bytes."""

from tests.builders.bytecode_files import nes_rom


def build() -> bytes:
    return b"before" * 7 + nes_rom() + b"after"
