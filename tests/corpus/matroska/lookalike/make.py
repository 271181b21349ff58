"""An EBML header without a segment, and one that is not filled."""

from tests.builders.audiovisual_video import element


def build() -> bytes:
    return element(0x1A45DFA3, element(0x4282, b"webm")) + bytes(9) + b"\x1a\x45\xdf\xa3\x9f" + bytes(40)
