"""Frames of no size behind good ones."""

from tests.builders.audiovisual_sound import adts


def build() -> bytes:
    return adts(9) + b"\xff\xf1\x50\x40\0\0\0" * 9
