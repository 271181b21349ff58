"""ID3v2.4 with a size of more than 127 bytes and a comment."""

from tests.builders.audiovisual_sound import id3, id3_frame, mpeg_frames


def build() -> bytes:
    return id3(id3_frame(b"COMM", b"\3eng\0" + b"c" * 200, 4), version=4) + mpeg_frames(5)
