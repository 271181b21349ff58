"""An AVI file with junk in its header list."""

from tests.builders.audiovisual_sound import avi


def build() -> bytes:
    return avi()
