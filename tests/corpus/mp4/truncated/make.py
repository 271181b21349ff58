"""The movie is cut off."""

from tests.builders.audiovisual_video import mp4


def build() -> bytes:
    return mp4()[:-60]
