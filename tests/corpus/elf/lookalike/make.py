"""Prose with the magic in it, and a header whose sizes are none."""


def build() -> bytes:
    head = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0\x3e\0\x01\0\0\0" + b"\x11" * 40
    return b"An ELF file begins with \x7fELF\x01\x01\x01 and this is none. " * 9 + head + bytes(64)
