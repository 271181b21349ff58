"""Frames from the start, then ID3v1."""

from tests.builders.audiovisual_sound import adts, id3v1


def build() -> bytes:
    return adts(12) + id3v1()
