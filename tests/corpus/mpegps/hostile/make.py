"""A packet longer than the file."""

from tests.builders.audiovisual_video import program


def build() -> bytes:
    return program(3, ended=False) + b"\0\0\1\xe0\xff\xff" + bytes(9)
