"""The magic of a universal binary, and of classes with nothing behind it."""


def build() -> bytes:
    return b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(40) + b"\xca\xfe\xba\xbe\0\0\0\x34" + b"\0\x20\x63" * 20
