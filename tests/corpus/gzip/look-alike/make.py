"""Headers without a stream behind them: nothing may be said of these."""

import random


def build() -> bytes:
    chance = random.Random(2)
    header = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x00\x03"
    return b"".join(header + b"\x07" + chance.randbytes(90) for _ in range(20))
