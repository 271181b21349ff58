"""The data is cut."""

from tests.builders.audiovisual_video import asf


def build() -> bytes:
    return asf()[:-9]
