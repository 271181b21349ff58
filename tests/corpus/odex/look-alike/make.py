"""The magic alone."""


def build() -> bytes:
    return b"dey\n036\0" + b"text" * 20
