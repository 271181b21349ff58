"""A PE filled up by a block of 1,000 bytes in its overlay."""

import random

from tests.builders.pe import build as image


def build() -> bytes:
    return image() + (random.Random(1).randbytes(1000) * 1100)[:-7]
