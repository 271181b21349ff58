"""A void, an unknown element, tags and an attachment, between other bytes."""

from tests.builders.audiovisual_video import attachment, element, matroska


def build() -> bytes:
    more = element(0xEC, b"hidden in a void"), element(0x4FFF, b"nobody knows"), element(0x1254C367, b"tags of a kind")
    return b"before" + matroska(*more, attachment(b"a.txt", b"attached")) + b"\0after"
