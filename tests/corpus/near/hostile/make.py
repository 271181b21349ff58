"""A bitmap whose header claims more pixels than there are."""


def build() -> bytes:
    head = b"\xff\xd8\xff\xfe" + bytes(6) + b"\x36\0\0\0\x28\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f\1\0\x18\0"
    return head + bytes(200)
