"""The last frame is cut."""

from tests.builders.audiovisual_sound import amr


def build() -> bytes:
    return amr(5)[:-4]
