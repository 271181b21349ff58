"""AIFF-C."""

from tests.builders.audiovisual_sound import aiff


def build() -> bytes:
    return aiff(kind=b"AIFC")
