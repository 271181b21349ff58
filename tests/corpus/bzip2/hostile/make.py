"""A trailer whose CRC is not that of the blocks."""

import bz2


def build() -> bytes:
    stream = bytearray(bz2.compress(b"small and many\n" * 20))
    stream[12] ^= 0x10
    return bytes(stream)
