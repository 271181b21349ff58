"""The size is left open: to the end."""

from tests.builders.audiovisual_sound import au


def build() -> bytes:
    return au(size=0xFFFFFFFF)
