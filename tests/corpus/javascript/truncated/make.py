"""A picture whose comment never ends."""


def build() -> bytes:
    return b"GIF89a/*\0\xf0\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0"
