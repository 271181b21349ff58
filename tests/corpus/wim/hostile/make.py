"""A file whose SHA-1 is another's, and one that says it is of many bytes."""

from tests.builders.solid_others import wim


def build() -> bytes:
    archive = bytearray(wim(b"small and many\n" * 3, b"one and big"))
    archive[208] ^= 1
    archive[208 + 45 + 11 + 50 + 5] = 9
    return bytes(archive)
