"""The magic in a text."""


def build() -> bytes:
    return b"regf is what hives begin with; " * 9 + b"regf" + bytes(16) + b"\1\0\0\0\5\0\0\0" + bytes(600)
