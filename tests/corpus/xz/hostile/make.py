"""A footer that leads before the source, and a dictionary of a gigabyte and a half."""

import lzma
import struct
import zlib


def build() -> bytes:
    stream = bytearray(lzma.compress(b"small and many\n" * 20))
    stream[16] = 37  # of the filter's properties
    stream[20:24] = zlib.crc32(stream[12:20]).to_bytes(4, "little")
    far = struct.pack("<I", 0x00FFFFFF) + b"\x00\x04"
    return bytes(stream) + zlib.crc32(far).to_bytes(4, "little") + far + b"YZ"
