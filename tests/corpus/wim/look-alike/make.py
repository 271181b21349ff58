"""A header that leads nowhere."""


def build() -> bytes:
    return b"MSWIM\0\0\0\xd0\0\0\0" + bytes(250)
