"""A padding packet with something in it."""

from tests.builders.audiovisual_video import program


def build() -> bytes:
    return program(2, ended=False) + b"\0\0\1\xbe\0\x14hidden in padding..." + program(2)
