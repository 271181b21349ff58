"""A ROM of 32 KiB, between other bytes."""

from tests.builders.bytecode_files import gameboy_rom


def build() -> bytes:
    return b"before" * 7 + gameboy_rom() + b"after"
