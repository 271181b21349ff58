"""A stream with an end mark, one of known size, between other bytes."""

import lzma


def build() -> bytes:
    stream = lzma.compress(b"small and many\n" * 20, lzma.FORMAT_ALONE)
    sized = stream[:5] + (300).to_bytes(8, "little") + stream[13:]
    return b"before" * 3 + stream + b"between" + sized + b"after"
