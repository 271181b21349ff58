"""A program table and its streams."""

from tests.builders.audiovisual_video import transport


def build() -> bytes:
    return transport() + b"after"
