"""An annotation and samples, between other bytes."""

from tests.builders.audiovisual_sound import au


def build() -> bytes:
    return b"before" + au(b"who made it\0") + b"after"
