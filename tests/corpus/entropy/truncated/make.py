"""A run that the end of the file cuts off one byte after it became long enough, in a bin of 17 bytes."""


def build() -> bytes:
    return b"PK" + b"\x90\x90" * 2048 + b"\x90"
