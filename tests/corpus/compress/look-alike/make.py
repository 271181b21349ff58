"""Magic numbers, and codes that refer to nothing."""


def build() -> bytes:
    return b"\x1f\x9d\x90" + b"\xff" * 20 + b"\x1f\x9d\x90\x00\x00"
