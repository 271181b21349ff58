"""Magic numbers and digits without members behind them: nothing may be said of these."""

import random

from tests.builders.archives_plain import cpio_member


def build() -> bytes:
    chance = random.Random(8)
    binary = b"".join(b"\xc7\x71" + chance.randbytes(18) + b"\4\0\0\0" + chance.randbytes(30) for _ in range(9))
    return (
        binary + b"070707" + b"7" * 80 + b"070701" + b"0" * 104 + cpio_member("newc", b"alone", b"and nothing behind")
    )
