"""Texts that begin like it."""


def build() -> bytes:
    return b"P2 100 reasons\nP3\n# a heading\nP1 1 of 9, P5 2000-3000 and P6\n# another heading here\nP7\nWIDE"
