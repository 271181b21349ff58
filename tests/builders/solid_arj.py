"""ARJ archives of stored members."""

import struct
import zlib


def header(
    name: bytes,
    data: bytes = b"",
    *,
    kind: int = 0,
    method: int = 0,
    flags: int = 0,
    comment: bytes = b"",
    extended: bytes = b"",
) -> bytes:
    """A header and the member's data; kind 2 is the main header."""
    fields = struct.pack(
        "<8BIIII", 30, 11, 1, 2, flags, method, kind, 0, 0x5A3F6C21, len(data), len(data), zlib.crc32(data)
    )
    basic = fields + bytes(6) + name + b"\0" + comment + b"\0"
    more = struct.pack("<H", len(extended)) + extended + struct.pack("<I", zlib.crc32(extended)) if extended else b""
    return (
        b"\x60\xea"
        + struct.pack("<H", len(basic))
        + basic
        + struct.pack("<I", zlib.crc32(basic))
        + more
        + b"\0\0"
        + data
    )


def main(comment: bytes = b"") -> bytes:
    return header(b"whales.arj", kind=2, comment=comment)


END = b"\x60\xea\0\0"
