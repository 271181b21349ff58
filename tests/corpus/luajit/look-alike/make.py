"""The magic before text, and a chunk without functions."""


def build() -> bytes:
    return b"\x1bLJ\2\0 text" + b"\x1bLJ\2\2\0"
