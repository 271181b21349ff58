"""The last frame is cut."""

from tests.builders.audiovisual_sound import adts


def build() -> bytes:
    return adts(9)[:-5]
