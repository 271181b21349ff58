"""No type box: a free box first."""

from tests.builders.audiovisual_video import box, movie


def build() -> bytes:
    return box(b"free", b"hidden bytes") + box(b"mdat", b"samples!") + movie()
