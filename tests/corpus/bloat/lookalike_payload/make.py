"""A gzip behind a PE: random bytes as counts go, and explained by their start."""

import gzip
import random

from tests.builders.pe import build as image


def build() -> bytes:
    return image() + gzip.compress(random.Random(3).randbytes(8_500_000), 1, mtime=0)
