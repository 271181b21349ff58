"""A frame that passes its tag, bytes between frames, a size of nearly 256 MiB."""

from tests.builders.audiovisual_sound import id3, id3_frame, mpeg_frames


def build() -> bytes:
    long = id3(id3_frame(b"JUNK", b"j" * 90), id3_frame(b"TIT2", b"\0x"), size=40)
    far = id3(id3_frame(b"TIT2", b"\0x"), size=(1 << 28) - 1)
    return long + mpeg_frames(4) + b"between the frames" + mpeg_frames(4) + far
