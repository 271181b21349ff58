"""Random bytes, in which landmarks abound and nothing comes again."""

import random


def build() -> bytes:
    return random.Random(2).randbytes(1_100_000)
