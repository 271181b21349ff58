"""A void inside the EBML header."""

from tests.builders.audiovisual_video import element, matroska


def build() -> bytes:
    return matroska(document=b"webm", in_header=element(0xEC, b"hidden in a void", wide=4))
