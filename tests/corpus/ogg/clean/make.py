"""Vorbis in three pages, between other bytes."""

from tests.builders.audiovisual_sound import vorbis


def build() -> bytes:
    return b"before" + vorbis() + b"after"
