"""Signatures without structure: nothing may be said of these."""

import random
import struct


def build() -> bytes:
    chance = random.Random(4)
    ends = b"".join(
        struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 46, at, 0) + chance.randbytes(20) for at in (0, 9, 99)
    )
    directory = b"PK\1\2" + chance.randbytes(42)
    lying = directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 46, 0, 0)
    return b"PK\3\4" + chance.randbytes(80) + ends + b"PK\5\6" + bytes(18) + lying
