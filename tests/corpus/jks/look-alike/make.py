"""The magic before text."""


def build() -> bytes:
    return b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\2 is what stores begin with. " * 5
