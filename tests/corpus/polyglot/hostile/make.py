"""An end record whose directory lies before the file: a lying offset makes no archive."""

from tests.builders.several import archive, png


def build() -> bytes:
    data = bytearray(png() + archive())
    data[-6:-2] = b"\xff\xff\xff\x7f"
    return bytes(data)
