"""A header without frames."""

from tests.builders.audiovisual_sound import flac


def build() -> bytes:
    return flac(frames=0, samples=99) + bytes(60)
