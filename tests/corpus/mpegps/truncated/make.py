"""The last packet is cut."""

from tests.builders.audiovisual_video import program


def build() -> bytes:
    return program(ended=False)[:-9]
