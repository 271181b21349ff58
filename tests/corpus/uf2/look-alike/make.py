"""The magic in a text."""


def build() -> bytes:
    return b"UF2\n\x57\x51\x5d\x9e is what blocks begin with. " * 15
