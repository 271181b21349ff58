"""The magic before text."""


def build() -> bytes:
    return b"NES\x1a is what ROMs begin with, and nothing more than that"
