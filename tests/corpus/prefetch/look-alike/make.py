"""The magic in a text."""


def build() -> bytes:
    return b"\x17\0\0\0SCCA is what these begin with. " * 5
