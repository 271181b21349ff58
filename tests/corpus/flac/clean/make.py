"""Comments, an application's block, a picture and frames, between other bytes."""

from tests.builders.audiovisual_sound import flac, vorbis_comment


def build() -> bytes:
    png = b"\x89PNG pretended"
    picture = bytes(4) + (9).to_bytes(4, "big") + b"image/png" + bytes(20) + len(png).to_bytes(4, "big") + png
    return (
        b"before"
        + flac((4, vorbis_comment(b"TITLE=Whale")), (2, b"appl-private"), (6, picture), (1, bytes(8)))
        + b"after"
    )
