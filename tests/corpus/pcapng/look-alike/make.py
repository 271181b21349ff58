"""The magic with lengths that differ."""


def build() -> bytes:
    return b"\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a" + b"text" * 20
