"""The last frame is cut."""

from tests.builders.audiovisual_sound import flac


def build() -> bytes:
    return flac()[:-3]
