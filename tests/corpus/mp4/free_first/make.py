"""A type box behind a free one: one claim, from the start."""

from tests.builders.audiovisual_video import box, mp4


def build() -> bytes:
    return box(b"free", b"hidden bytes") + mp4()
