"""One run from the first byte to the last, which no border of a bin or a window may cut."""


def build() -> bytes:
    return b"ABC" * 50_000
