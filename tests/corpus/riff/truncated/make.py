"""The samples are cut off."""

from tests.builders.audiovisual_sound import wave


def build() -> bytes:
    return wave(samples=bytes(200))[:120]
