"""Zeros, then 00 41 00 41: by the definition the two runs share the byte at the border."""


def build() -> bytes:
    return b"x" + bytes(5000) + b"\0A" * 3000 + b"y"
