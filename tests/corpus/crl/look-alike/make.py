"""A sequence in a sequence, and an algorithm."""


def build() -> bytes:
    return b"\x30\x82\1\0\x30\x82\0\xa0\2\1\1\x30\x0d\6" + b"text" * 70
