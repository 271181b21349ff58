"""Two streams in a row, which are one content, between other bytes."""

import lzma


def build() -> bytes:
    first, second = lzma.compress(b"small and many\n" * 20), lzma.compress(b"one\n" * 9, check=lzma.CHECK_SHA256)
    return b"before" * 3 + first + second + b"after"
