"""Names of forms without chunks behind them, and a WebP."""

from tests.builders.audiovisual_sound import chunk, form


def build() -> bytes:
    return b"RIFF of the matchRIFF\x10\0\0\0WAVEfmt " + form(b"RIFF", b"WEBP", chunk(b"VP8 ", bytes(20)))
