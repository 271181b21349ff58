"""Signatures without a header whose CRC holds."""

from tests.builders.solid_rar import MARKER4, MARKER5, main4, main5


def build() -> bytes:
    four, five = bytearray(main4()), bytearray(main5())
    four[-1] ^= 1
    five[-1] ^= 1
    return b"Rar! " + MARKER4 + b"\0" * 20 + MARKER5 + b"\0" * 20 + bytes(four) + b"and" + bytes(five)
