"""The magic in a text."""


def build() -> bytes:
    return b"\xde\x12\4\x95\0\0\0\0 is what catalogues begin with. " * 5
