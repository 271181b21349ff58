"""Packets of 192 bytes, a time before each."""

from tests.builders.audiovisual_video import transport


def build() -> bytes:
    data = transport()
    return b"".join(b"time" + data[at : at + 188] for at in range(0, len(data), 188))
