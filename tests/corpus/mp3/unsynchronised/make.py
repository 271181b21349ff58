"""A tag whose bytes FF 00 stand for FF."""

from tests.builders.audiovisual_sound import id3, id3_frame, mpeg_frames


def build() -> bytes:
    return id3(id3_frame(b"PRIV", b"\xff\xe0 in it, and more").replace(b"\xff", b"\xff\0"), flags=0x80) + mpeg_frames(5)
