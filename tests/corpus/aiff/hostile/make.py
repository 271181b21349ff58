"""Sizes that lie, larger and smaller."""

from tests.builders.audiovisual_sound import aiff


def build() -> bytes:
    return aiff(size=0x7FFFFFFF) + b"\xff" + aiff(size=30)
