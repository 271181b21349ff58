"""Java classes of versions 45 and 1 to 32, and a universal header that leads to nothing."""

import struct


def build() -> bytes:
    java = b"\xca\xfe\xba\xbe\x00\x03\x00\x2d" + bytes(range(256)) * 4
    odd = b"\xca\xfe\xba\xbe\x00\x00\x00\x02" + bytes(range(256)) * 4
    nothing = b"\xca\xfe\xba\xbf\x00\x00\x00\x01" + struct.pack(">2I2Q2I", 7, 3, 0x100, 0x100, 8, 0) + bytes(600)
    return java + odd + nothing
