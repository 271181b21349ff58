"""The samples are cut off."""

from tests.builders.audiovisual_sound import aiff


def build() -> bytes:
    return aiff()[:-8]
