"""RAR archives of stored members, in both structures."""

import struct
import zlib

MARKER4, MARKER5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"


def block4(kind: int, flags: int, fields: bytes = b"", data: bytes = b"") -> bytes:
    """A block of version 4, with its CRC."""
    head = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data


def main4(flags: int = 0) -> bytes:
    return MARKER4 + block4(0x73, flags, bytes(6))


def file4(
    name: bytes, data: bytes, *, flags: int = 0, method: int = 0x30, kind: int = 0x74, attributes: int = 0x20
) -> bytes:
    fields = struct.pack(
        "<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data), 0x5A3F6C21, 29, method, len(name), attributes
    )
    return block4(kind, 0x8000 | flags, fields + name, data)


def end4(flags: int = 0x4000) -> bytes:
    return block4(0x7B, flags)


def number(value: int) -> bytes:
    """7 bits a byte, low bits first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def block5(kind: int, fields: bytes = b"", data: bytes = b"", *, extra: bytes = b"", flags: int = 0) -> bytes:
    """A block of version 5, with its CRC."""
    flags |= (1 if extra else 0) | (2 if data else 0)
    head = number(kind) + number(flags)
    head += (number(len(extra)) if extra else b"") + (number(len(data)) if data else b"") + fields + extra
    sized = number(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized + data


def main5(flags: int = 0) -> bytes:
    return MARKER5 + block5(1, number(flags))


def file5(name: bytes, data: bytes, *, method: int = 0, extra: bytes = b"", kind: int = 2) -> bytes:
    fields = number(6) + number(len(data)) + number(0x20) + struct.pack("<II", 1_600_000_000, zlib.crc32(data))
    return block5(kind, fields + number(method << 7) + number(0) + number(len(name)) + name, data, extra=extra)


def record5(kind: int, content: bytes) -> bytes:
    """An extra record."""
    body = number(kind) + content
    return number(len(body)) + body


def end5(flags: int = 0) -> bytes:
    return block5(5, number(flags))
