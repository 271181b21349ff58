"""A local header that ends in its name."""


def build() -> bytes:
    return b"PK\3\4\x14\0\0\0\x08\0" + bytes(8) + b"\xff\xff\0\0" * 2 + b"\x40\0\0\0word/docu"
