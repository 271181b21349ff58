"""Markers that lead to no picture."""


def build() -> bytes:
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(80) + b"\xff\xd8\xff\xdb\0\3\0\xff\xd9"
