"""The second track is cut."""

from tests.builders.audiovisual_sound import TRACK, midi


def build() -> bytes:
    return midi(TRACK, TRACK)[:-5]
