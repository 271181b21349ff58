"""A form that nobody here knows, whose chunks fill it: a claim for RIFF itself."""

from tests.builders.audiovisual_sound import chunk, form


def build() -> bytes:
    return form(b"RIFF", b"CDXA", chunk(b"data", b"sectors!")) + b"x"
