"""A deflate stream: close to random, told from it by chi-square over the stretch."""

import random
import zlib


def build() -> bytes:
    dice = random.Random(3)
    return zlib.compress(" ".join(str(dice.randrange(1 << 40)) for _ in range(20_000)).encode())
