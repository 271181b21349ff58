"""A WAVE file with junk, metadata and an odd last chunk, between other bytes."""

from tests.builders.audiovisual_sound import chunk, wave


def build() -> bytes:
    tags = chunk(b"LIST", b"INFO" + chunk(b"INAM", b"a whale\0"))
    return b"before" + wave(chunk(b"JUNK", b"not played"), tags, samples=bytes(range(63))) + b"after"
