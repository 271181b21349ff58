"""The magic in a text."""


def build() -> bytes:
    return b"PAGEDUMP and PAGEDU64 are what dumps begin with. " * 9
