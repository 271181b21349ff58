"""A name that climbs, an extended header full of text, a member that says it is of four gigabytes."""

import struct
import zlib

from tests.builders.solid_arj import END, header, main


def build() -> bytes:
    climbs = header(b"..\\..\\AUTOEXEC.BAT", b"@echo off", extended=b"nobody reads what stands here")
    fields = struct.pack("<8BIIII", 30, 11, 1, 2, 0, 0, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    basic = fields + bytes(6) + b"HUGE\0\0"
    huge = b"\x60\xea" + struct.pack("<H", len(basic)) + basic + struct.pack("<I", zlib.crc32(basic)) + b"\0\0"
    return main() + climbs + huge + b"not much" + END
