"""A header that may be, and data that does not decode."""


def build() -> bytes:
    return b"\x5d\x00\x00\x80\x00" + b"\xff" * 8 + b"\x00" + b"\xff" * 60
