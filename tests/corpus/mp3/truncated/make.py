"""The last frame is cut."""

from tests.builders.audiovisual_sound import id3, id3_frame, mpeg_frames


def build() -> bytes:
    return id3(id3_frame(b"TIT2", b"\0Whale")) + mpeg_frames(5)[:-7]
