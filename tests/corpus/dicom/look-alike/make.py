"""Magic numbers without elements."""


def build() -> bytes:
    return bytes(128) + b"DICM\2\0\0\0" + b"U" * 60 + bytes(128) + b"DICM" + bytes(40)
