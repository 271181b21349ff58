"""No image at all."""


def build() -> bytes:
    return b"MZ and PE, and a checksum of 0x12345678. " * 40
