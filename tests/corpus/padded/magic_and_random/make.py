"""Random bytes behind a magic number, which explains nothing."""

import random

from tests.builders.pe import build as image


def build() -> bytes:
    return image() + b"LZIP" + random.Random(4).randbytes(11 << 20)
