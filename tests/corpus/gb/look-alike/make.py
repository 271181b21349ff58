"""The logo without a header behind it."""

from tests.builders.bytecode_files import LOGO


def build() -> bytes:
    return bytes(0x104) + LOGO + b"x" * 60
