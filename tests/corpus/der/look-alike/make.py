"""A sequence in a sequence, with numbers that no certificate has."""


def build() -> bytes:
    return b"\x30\x82\1\0\x30\x82\0\xa0\xa0\3\2\1\2\2" + b"text" * 70
