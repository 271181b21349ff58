"""A header without tracks, and tracks without an end."""

from tests.builders.audiovisual_sound import midi


def build() -> bytes:
    return midi(declared=1) + bytes(9) + midi(b"no end of it")
