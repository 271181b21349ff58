"""A window of a terabyte, and a block that lies about its size."""

from tests.builders.streams import zstd


def build() -> bytes:
    wide, lying = bytearray(zstd(b"krill " * 5)), bytearray(zstd(b"krill " * 5))
    wide[5] = 0xF0
    lying[7] = 0x03
    return bytes(wide) + b"between" + bytes(lying)
