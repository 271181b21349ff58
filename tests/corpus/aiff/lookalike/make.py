"""The name without a common chunk."""

from tests.builders.audiovisual_sound import chunk, form


def build() -> bytes:
    return form(b"FORM", b"AIFF", chunk(b"NAME", b"none", order=">"), order=">") + b"FORM AIFF"
