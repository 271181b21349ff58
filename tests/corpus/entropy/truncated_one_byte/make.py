"""One byte: a bin of one byte, and no run."""


def build() -> bytes:
    return b"M"
