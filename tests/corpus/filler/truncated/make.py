"""Cut in the middle of the first block: nothing repeats."""

import random


def build() -> bytes:
    return b"before" + random.Random(1).randbytes(300_000)[:150_000]
