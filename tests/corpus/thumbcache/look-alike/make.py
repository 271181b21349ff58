"""The magic without an entry."""


def build() -> bytes:
    return b"CMMM\x20\0\0\0\1\0\0\0\x18\0\0\0" + b"text" * 20
