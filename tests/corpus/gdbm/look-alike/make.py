"""The magic before text."""


def build() -> bytes:
    return b"\xcf\x9a\x57\x13\0\2\0\0 is what these begin with. " * 5
