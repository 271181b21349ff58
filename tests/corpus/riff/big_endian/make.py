"""RIFX: the sizes are big-endian."""

from tests.builders.audiovisual_sound import wave


def build() -> bytes:
    return wave(order=">")
