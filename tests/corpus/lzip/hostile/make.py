"""A trailer that is not of this content, a dictionary of half a gigabyte."""

from tests.builders.streams import lzip


def build() -> bytes:
    wrong = bytearray(lzip(b"small and many\n" * 20))
    wrong[-18] ^= 1
    large = bytearray(lzip(b"one and big\n" * 9))
    large[5] = 29
    return bytes(wrong) + b"between" + bytes(large)
