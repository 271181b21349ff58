"""Text that looks like lines."""


def build() -> bytes:
    return b"S00600004844521B is how these begin\nS1000000\n" * 5
