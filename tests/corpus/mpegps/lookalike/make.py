"""One pack and nothing of it."""

from tests.builders.audiovisual_video import program


def build() -> bytes:
    return program(1, ended=False)[:14] + bytes(30)
