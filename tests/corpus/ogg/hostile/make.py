"""A page whose CRC-32 does not hold, and bytes between pages."""

from tests.builders.audiovisual_sound import ogg_page, vorbis


def build() -> bytes:
    wrong = bytearray(ogg_page(b"spoiled", number=5))
    wrong[-1] ^= 1
    return vorbis(bytes(wrong), b"between the pages")
