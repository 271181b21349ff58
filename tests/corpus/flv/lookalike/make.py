"""A header without tags."""

from tests.builders.audiovisual_video import flv


def build() -> bytes:
    return flv() + bytes(40)
