"""The magic in a text."""


def build() -> bytes:
    return b"\x93NUMPY\1\0 is what arrays begin with. " * 5
