"""A version and a salt before text."""


def build() -> bytes:
    return b"\0\0\0\2\0\0\0\x14" + b"twenty bytes of text" + b"\0\0\7\0\1\0\4text" + b"\xff" * 60
