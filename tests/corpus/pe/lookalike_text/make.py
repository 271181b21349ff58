"""Prose about executables, with both signatures in it."""


def build() -> bytes:
    return b"MZ stands for Mark Zbikowski. A PE header starts with PE\0\0; this is none. " * 40
