"""A sequence in a sequence, and a number."""


def build() -> bytes:
    return b"\x30\x82\1\0\x30\x82\0\xa0\2\1\0\x30" + b"text" * 70
