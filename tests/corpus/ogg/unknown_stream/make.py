"""A page of a stream that no reader knows: room."""

from tests.builders.audiovisual_sound import ogg_page, vorbis


def build() -> bytes:
    return vorbis(ogg_page(b"whatever may be here", serial=9, flags=2))
