"""The cluster is cut."""

from tests.builders.audiovisual_video import matroska


def build() -> bytes:
    return matroska()[:-4]
