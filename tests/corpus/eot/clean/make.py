"""A font as it is, and one under an XOR."""

from tests.builders.fonts_tables import eot


def build() -> bytes:
    return b"before" + eot() + b"between" + eot(key=0x50, root="http://sea.example")
