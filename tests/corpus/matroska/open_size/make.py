"""A segment of unknown size ends where no element of its own begins."""

from tests.builders.audiovisual_video import matroska


def build() -> bytes:
    return matroska(open_size=True) + b"PK\3\4 and more"
