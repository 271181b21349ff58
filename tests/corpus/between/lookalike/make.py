"""No format, and so nothing between."""


def build() -> bytes:
    return b"one and another" * 40
