"""An odd count of digits, digits in digits, and signs in between."""

from tests.builders.encodings_held import EXE, ZIP


def build() -> bytes:
    odd = b"abc" + ZIP.hex().encode() + b"'f'"
    return odd + EXE.hex().encode().hex().encode() + b"z" + EXE.hex().encode()[:80] + b"q" + b"504b0304" * 60
