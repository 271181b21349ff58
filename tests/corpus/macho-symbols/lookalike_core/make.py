"""A core file, which has no symbols."""

from tests.builders.macho import R, W, raw, segment


def build() -> bytes:
    return raw((segment(b"", (0x1000, 64, 200, 64), R | W),), type=4).ljust(264, b"\x5a")
