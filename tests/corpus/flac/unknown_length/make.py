"""The writer left the number of samples open."""

from tests.builders.audiovisual_sound import flac


def build() -> bytes:
    return flac(samples=0)
