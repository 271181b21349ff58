"""The magic before text."""


def build() -> bytes:
    return b"DIRC\0\0\0\2 is what indices begin with. " * 5 + b"\xfftOc\0\0\0\2" + b"text" * 20
