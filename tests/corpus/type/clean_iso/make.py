"""An ISO 9660 volume descriptor at its place, 32 KiB in."""

import struct


def build() -> bytes:
    volume = bytearray(2048)
    volume[:7] = b"\1CD001\1"
    struct.pack_into("<I", volume, 0x50, 20)
    struct.pack_into(">I", volume, 0x54, 20)
    struct.pack_into("<H", volume, 0x80, 2048)
    struct.pack_into(">H", volume, 0x82, 2048)
    return bytes(0x8000) + bytes(volume)
