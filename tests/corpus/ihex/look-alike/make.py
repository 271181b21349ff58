"""Text that looks like lines."""


def build() -> bytes:
    return b":020000040800 is how these begin\n:1000000000\n" * 5
