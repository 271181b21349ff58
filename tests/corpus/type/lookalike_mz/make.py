"""Prose that begins with the initials of Mark Zbikowski."""


def build() -> bytes:
    return b"MZ begins every program of DOS, Windows and OS/2, but this is no program at all.\n"
