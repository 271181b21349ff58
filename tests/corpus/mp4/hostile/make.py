"""Two movie boxes, bytes in one that are no box, and a box of 2^63 bytes."""

from tests.builders.audiovisual_video import movie, mp4


def build() -> bytes:
    return mp4(movie(b"not a box")) + b"\0\0\0\1free" + b"\x7f" * 8
