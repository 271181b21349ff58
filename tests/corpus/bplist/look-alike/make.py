"""The magic in a text."""


def build() -> bytes:
    return b"bplist00 is what binary property lists begin with. " * 5
