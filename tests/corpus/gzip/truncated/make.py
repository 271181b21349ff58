"""A member that ends in the middle of its stream: what there is decodes."""

import gzip
import random


def build() -> bytes:
    text = bytes(random.Random(1).choices(b"etaoin shrdlu", k=20_000))
    return gzip.compress(text, mtime=0)[:5000]
