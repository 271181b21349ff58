"""A tag with text, a picture and private bytes, frames, an APE tag and ID3v1."""

from tests.builders.audiovisual_sound import ape_tag, id3, id3_frame, id3v1, mpeg_frames


def build() -> bytes:
    title = id3_frame(b"TIT2", b"\0Whale")
    picture = id3_frame(b"APIC", b"\0image/png\0\3cover\0\x89PNG pretended")
    private = id3_frame(b"PRIV", b"owner\0" + bytes(range(20)))
    return b"before" + id3(title, picture, private, padding=10) + mpeg_frames(10) + ape_tag() + id3v1()
