"""A ROM, between other bytes."""

from tests.builders.bytecode_files import megadrive_rom


def build() -> bytes:
    return b"before" * 7 + megadrive_rom() + b"after"
