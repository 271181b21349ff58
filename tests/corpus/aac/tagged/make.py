"""A tag before the frames."""

from tests.builders.audiovisual_sound import adts, id3, id3_frame


def build() -> bytes:
    return b"before" + id3(id3_frame(b"PRIV", b"owner\0private")) + adts(10)
