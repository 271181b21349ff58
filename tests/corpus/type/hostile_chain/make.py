"""An OLE2 document whose directory sector follows itself, with 64 KiB names."""

import struct


def build() -> bytes:
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHH", header, 24, 0x3E, 3, 0xFFFE, 9)
    struct.pack_into("<I", header, 48, 1)
    fat = struct.pack("<II", 0xFFFFFFFD, 1) + b"\xff" * 504
    return bytes(header) + fat + (b"A\0" * 32 + b"\xff\xff" + bytes(62)) * 4
