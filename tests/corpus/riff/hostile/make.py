"""A form that says it is endless, one that ends before its samples, one with bytes behind its last chunk."""

from tests.builders.audiovisual_sound import wave


def build() -> bytes:
    behind = bytearray(wave() + b"\xff" * 20)
    behind[4:8] = (len(behind) - 8).to_bytes(4, "little")
    return wave(size=0x7FFFFFF0) + b"\xff" + wave(size=40) + b"\xff" + bytes(behind)
