"""Four packs to the end code."""

from tests.builders.audiovisual_video import program


def build() -> bytes:
    return program() + b"after"
