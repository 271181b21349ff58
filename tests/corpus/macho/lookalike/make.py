"""Magics with processors behind them and nothing that a load command may be; a Java class; decoys one byte off."""

import struct


def build() -> bytes:
    head = struct.pack("<8I", 0xFEEDFACF, 0x0100_0007, 3, 2, 10, 800, 0, 0)
    nothing = head + struct.pack("<2I", 0xEEEE, 16) + bytes(64)
    empty = struct.pack("<8I", 0xFEEDFACF, 0x0100_0007, 3, 2, 0, 0, 0, 0) + struct.pack("<2I", 0x19, 72) + bytes(64)
    no_type = struct.pack(">7I", 0xFEEDFACE, 18, 0, 0x99, 1, 56, 0) + struct.pack(">2I", 1, 56) + bytes(64)
    zero = head + struct.pack("<2I", 0x19, 0) + bytes(64)
    java = b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + bytes(range(200))
    return b"text " + nothing + b"\xcf\xfa\xed\xfe and words" + empty + no_type + zero + java
