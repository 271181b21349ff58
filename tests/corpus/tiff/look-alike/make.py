"""Headers and directories without a picture."""


def build() -> bytes:
    return b"II*\0\x08\0\0\0\x05\0\0\1" + bytes(60) + b"MM\0*\0\0\0\x08\0\1\1\0" + bytes(10)
