"""Too few frames that agree."""

from tests.builders.audiovisual_sound import adts


def build() -> bytes:
    return adts(5) + adts(3, 9)[:1] + b"else" * 20
