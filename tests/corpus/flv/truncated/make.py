"""The last tag is cut."""

from tests.builders.audiovisual_video import flv


def build() -> bytes:
    return flv((9, b"\x17picture"), (8, b"\xafsound"))[:-12]
