"""What keys begin with."""


def build() -> bytes:
    return b"\x30\x82\1\0\2\1\0\x30\x0d\6\x09\x2a" + b"text" * 70 + b"\x30\x30\2\1\1\4\x20" + b"text" * 20
