"""Frames alone, from the start."""

from tests.builders.audiovisual_sound import mpeg_frames


def build() -> bytes:
    return mpeg_frames(12)
