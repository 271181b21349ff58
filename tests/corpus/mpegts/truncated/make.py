"""The last packet is cut."""

from tests.builders.audiovisual_video import transport


def build() -> bytes:
    return transport(5)[:-9]
