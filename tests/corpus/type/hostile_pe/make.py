"""An e_lfanew that leads 4 GiB on, under a DOS header that adds up."""

import struct


def build() -> bytes:
    header = struct.pack("<2sHHHHHHHHHHHHH", b"MZ", 0, 1, 0, 4, 0, 0xFFFF, 0, 0, 0, 0, 0, 64, 0)
    return header.ljust(60, b"\0") + b"\xf0\xff\xff\xff" + b"\xcd\x20" + bytes(62)
