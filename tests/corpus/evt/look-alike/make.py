"""The magic in a text."""


def build() -> bytes:
    return b"\x30\0\0\0LfLe\1\0\0\0 and so on. " * 5
