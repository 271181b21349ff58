"""Sync bytes in step, too few and without a table."""

from tests.builders.audiovisual_video import packet


def build() -> bytes:
    return packet(17, b"") * 9
