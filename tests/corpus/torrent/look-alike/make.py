"""The first key in a text, and a dictionary without files."""


def build() -> bytes:
    return b"d8:announce is what these begin with. " * 3 + b"d8:announce3:urle"
