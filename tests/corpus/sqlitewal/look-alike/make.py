"""The magic alone."""


def build() -> bytes:
    return b"\x37\x7f\6\x82\0\x2d\xe2\x18" * 9
