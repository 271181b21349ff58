"""Tags of three kinds, and a header longer than it needs to be."""

from tests.builders.audiovisual_video import flv


def build() -> bytes:
    return (
        b"before"
        + flv((18, b"\2\0\nonMetaData"), (9, b"\x17picture"), (8, b"\xafsound"), room=b"hidden in the header")
        + b"after"
    )
