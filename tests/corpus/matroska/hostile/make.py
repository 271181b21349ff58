"""Bytes behind the last element, and an element of 2^56 bytes."""

from tests.builders.audiovisual_video import element, matroska


def build() -> bytes:
    return matroska(b"\xff\xff no element") + matroska(element(0xEC, b"")[:1] + b"\x01\x7f" + bytes(6)) + b"\0"
