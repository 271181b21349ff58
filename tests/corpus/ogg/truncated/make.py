"""The last page is cut."""

from tests.builders.audiovisual_sound import vorbis


def build() -> bytes:
    return vorbis()[:-5]
