"""The logo without a header behind it."""

from tests.builders.bytecode_files import gba_rom


def build() -> bytes:
    return gba_rom()[:0xA0] + b"x" * 60
