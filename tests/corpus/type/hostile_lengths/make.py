"""A ZIP of 40 members, each of which claims a size and an extra field that lead past the next ones."""

import struct


def build() -> bytes:
    header = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, 0, 5, 5, 6, 0xFFFF)
    return (header + b"xl/a.b" + b"PK\3\4") * 40
