"""A match that reaches before the start, and a block whose checksum does not hold."""

from tests.builders.streams import lz4, lz4_block


def build() -> bytes:
    block = lz4_block(b"krill-", 9)
    wrong = bytearray(lz4(block, flags=0x70))
    wrong[-6] ^= 1
    return lz4(block.replace(b"\x01\x00", b"\x40\x00")) + b"between" + bytes(wrong)
