"""Two links of a chain: one claim."""

from tests.builders.audiovisual_sound import vorbis


def build() -> bytes:
    return vorbis() + vorbis(serial=8)
