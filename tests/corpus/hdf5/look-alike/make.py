"""The magic in a text."""


def build() -> bytes:
    return b"\x89HDF\r\n\x1a\n is what these files begin with. " * 5
