"""A directory without tables."""


def build() -> bytes:
    return b"\1fcp\2\0\0\0\1\0\0\0" + bytes(60)
