"""The magic before text."""


def build() -> bytes:
    return b"PACK\0\0\0\2\0\0\0\x09 is what packs begin with. " * 5
