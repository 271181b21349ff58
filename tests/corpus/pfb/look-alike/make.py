"""A segment of another text."""


def build() -> bytes:
    return b"\x80\1\x20\0\0\0%!PS-Adobe-3.0 is no font" + bytes(20)
