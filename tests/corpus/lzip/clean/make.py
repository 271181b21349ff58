"""Two members in a row, which are one content, between other bytes."""

from tests.builders.streams import lzip


def build() -> bytes:
    return b"before" * 3 + lzip(b"small and many\n" * 20) + lzip(b"one and big\n" * 9) + b"after"
