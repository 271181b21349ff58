"""The first chunks' types and nothing more."""


def build() -> bytes:
    return b"\3\0\x08\0\x40\0\0\0\1\0\x1c\0" + b"text" * 20
