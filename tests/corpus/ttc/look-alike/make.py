"""A header without fonts."""


def build() -> bytes:
    return b"ttcf\0\1\0\0\0\0\0\2" + bytes(60)
