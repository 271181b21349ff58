"""A dictionary of two gigabytes, of which 300 bytes are needed."""

import lzma


def build() -> bytes:
    stream = bytearray(lzma.compress(b"small and many\n" * 20, lzma.FORMAT_ALONE))
    stream[1:5] = (1 << 31).to_bytes(4, "little")
    return bytes(stream)
