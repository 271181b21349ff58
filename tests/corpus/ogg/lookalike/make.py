"""A first page without a sum that holds."""

from tests.builders.audiovisual_sound import ogg_page


def build() -> bytes:
    page = bytearray(ogg_page(b"\x01vorbis", flags=2))
    page[22] ^= 1
    return bytes(page) + b"OggS\0\2" + bytes(30)
