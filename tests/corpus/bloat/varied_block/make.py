"""A block of 64 KiB behind a PE, again and again, with a counter in each copy."""

import random

from tests.builders.pe import build as image


def build() -> bytes:
    block = random.Random(7).randbytes((64 << 10) - 4)
    return image() + b"".join(block + at.to_bytes(4, "little") for at in range(180))
