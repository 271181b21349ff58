"""Encrypted samples."""

from tests.builders.audiovisual_video import mp4


def build() -> bytes:
    return mp4(codec=b"encv", brand=b"M4A ")
