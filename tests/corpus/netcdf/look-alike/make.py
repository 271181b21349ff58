"""The magic in a text."""


def build() -> bytes:
    return b"CDF\1\0\0\0\0\0\0\0\x0a is what these begin with. " * 5
