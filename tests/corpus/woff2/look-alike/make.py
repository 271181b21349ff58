"""Headers without a directory."""

from tests.builders.fonts_tables import woff2


def build() -> bytes:
    return woff2()[:48] + b"\x3f\1\1\1\1" * 9 + b"wOF2" + bytes(40)
