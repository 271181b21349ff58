"""Two tracks and a chunk of another kind, between other bytes."""

from tests.builders.audiovisual_sound import TRACK, midi


def build() -> bytes:
    head = midi(TRACK, declared=2)
    return b"before" + head + b"XFIH\0\0\0\x0chidden bytes" + midi(TRACK)[14:] + b"after"
