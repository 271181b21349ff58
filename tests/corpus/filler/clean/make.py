"""A block of 300,000 bytes, five times: the fold says nothing itself, `bloat` tells of what it spotted."""

import random


def build() -> bytes:
    return b"before" + random.Random(1).randbytes(300_000) * 5 + b"after"
