"""Five frames, between other bytes."""

from tests.builders.audiovisual_sound import amr


def build() -> bytes:
    return b"before" + amr(5) + b"\xff after"
