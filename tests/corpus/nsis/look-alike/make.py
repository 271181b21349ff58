"""The mark, and no script behind it."""


def build() -> bytes:
    return b"\0\0\0\0\xef\xbe\xad\xdeNullsoftInst" + b"\x40\0\0\0\x60\0\0\0" + b"\x10\0\0\x80" + b"\xff" * 90
