"""Tags without frames or audio, and too few frames in a row."""

from tests.builders.audiovisual_sound import id3, mpeg_frames


def build() -> bytes:
    return mpeg_frames(3) + b"no more" + id3(padding=20) + b"ID3\3\0\0\0\0\0\x0aTEXT" + bytes(40)
