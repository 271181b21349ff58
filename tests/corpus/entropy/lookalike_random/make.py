"""Uniformly random bytes: random, and no run."""

import random


def build() -> bytes:
    return random.Random(2).randbytes(100_000)
