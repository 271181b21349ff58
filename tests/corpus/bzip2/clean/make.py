"""Two streams in a row, which are one content, between other bytes."""

import bz2


def build() -> bytes:
    return b"before" * 3 + bz2.compress(b"small and many\n" * 20) + bz2.compress(b"one and big\n" * 9) + b"after"
