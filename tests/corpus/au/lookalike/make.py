"""An encoding that does not exist."""

from tests.builders.audiovisual_sound import au


def build() -> bytes:
    return au().replace(b"\0\0\0\3", b"\0\0\0\x09")
