"""The magic in a text."""


def build() -> bytes:
    return b"An IWAD is a game, a PWAD changes one, and PWAD\3\0\0\0\x0c\0\0\0 is how one begins. " * 2
