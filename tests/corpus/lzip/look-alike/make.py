"""Magic numbers, and nothing that decodes."""


def build() -> bytes:
    return b"LZIP\x01\x0c\x00" + b"\xff" * 40 + b"LZIP\x01\x03" + b"LZIP\x01\x0c"
