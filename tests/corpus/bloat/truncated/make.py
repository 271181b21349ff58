"""The same, cut before a mebibyte of it."""

import random

from tests.builders.pe import build as image


def build() -> bytes:
    return image() + random.Random(1).randbytes(1000) * 900
