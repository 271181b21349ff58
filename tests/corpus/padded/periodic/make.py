"""Three kinds of filler, one after the other."""

from tests.builders.pe import build as image


def build() -> bytes:
    return image() + b"\xcc" * (4 << 20) + b"PADDINGX" * (1 << 19) + b"\0\1\2" * (1 << 20)
