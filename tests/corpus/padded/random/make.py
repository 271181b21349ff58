"""Random bytes behind a PE that nothing explains."""

import random

from tests.builders.pe import build as image


def build() -> bytes:
    return image() + random.Random(4).randbytes(11 << 20)
