"""A frame whose CRC-16 does not hold, and a metadata block longer than the file."""

from tests.builders.audiovisual_sound import flac


def build() -> bytes:
    wrong = bytearray(flac())
    wrong[-14] ^= 1
    return bytes(wrong) + b"fLaC\0\0\0\x22" + bytes(34) + b"\x01\xff\xff\xff" + bytes(30)
