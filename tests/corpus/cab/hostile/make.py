"""A block whose checksum does not hold, a name that climbs, and a method that nobody here decodes."""

from tests.builders.solid_cab import cabinet


def build() -> bytes:
    wrong = bytearray(cabinet([("..\\run.cmd", b"@echo off\n" * 9)], method=0))
    wrong[-1] ^= 1
    return bytes(wrong) + cabinet([("quantum", b"\x12\x34" * 9)], method=2)
