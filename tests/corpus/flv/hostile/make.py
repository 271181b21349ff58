"""A tag's size that is not repeated, and one of 16 MiB."""

from tests.builders.audiovisual_video import flv


def build() -> bytes:
    lying = bytearray(flv((9, b"\x17picture"), (8, b"\xafsound")))
    lying[-1] = 0
    return bytes(lying) + b"\x09\xff\xff\xff" + bytes(9)
