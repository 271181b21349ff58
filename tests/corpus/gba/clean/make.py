"""A header, between other bytes."""

from tests.builders.bytecode_files import gba_rom


def build() -> bytes:
    return b"before" * 7 + gba_rom()
