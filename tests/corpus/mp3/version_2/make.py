"""ID3v2.2, and padding that is not empty."""

from tests.builders.audiovisual_sound import id3, id3_frame, mpeg_frames


def build() -> bytes:
    return id3(id3_frame(b"TT2", b"\0Whale", 2), b"\0\0\0hidden here", version=2) + mpeg_frames(5)
