"""Cabinets of one folder, stored or MSZIP."""

import struct
import zlib


def words(data: bytes, seed: int = 0) -> int:
    """The checksum of a block's parts, word by word."""
    for at in range(0, len(data) & ~3, 4):
        seed ^= int.from_bytes(data[at : at + 4], "little")
    return seed ^ int.from_bytes(data[len(data) & ~3 :], "big")


def block(data: bytes, packed: bytes) -> bytes:
    sizes = struct.pack("<HH", len(packed), len(data))
    return struct.pack("<I", words(sizes, words(packed))) + sizes + packed


def mszip(data: bytes, history: bytes = b"") -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=history)
    return b"CK" + stream.compress(data) + stream.flush()


def cabinet(files: list[tuple[str, bytes]], *, method: int = 1, reserve: bytes = b"", gap: bytes = b"") -> bytes:
    """All files in one folder; blocks of 512 bytes, so that more than one has a history."""
    whole = b"".join(data for _, data in files)
    chunks = [(whole[at : at + 512], whole[max(0, at - 32768) : at]) for at in range(0, len(whole), 512)]
    blocks = b"".join(block(data, mszip(data, before) if method == 1 else data) for data, before in chunks)
    entries, at = b"", 0
    for name, data in files:
        entries += struct.pack("<IIHHHH", len(data), at, 0, 0x5A3F, 0x6C21, 0x20) + name.encode() + b"\0"
        at += len(data)
    room = struct.pack("<HBB", len(reserve), 0, 0) + reserve if reserve else b""
    tables = 36 + len(room) + 8
    first = tables + len(gap) + len(entries)
    head = struct.pack(
        "<4sIIIIIBBHHHHH",
        b"MSCF",
        0,
        first + len(blocks),
        0,
        tables + len(gap),
        0,
        3,
        1,
        1,
        len(files),
        4 * bool(reserve),
        7,
        0,
    )
    return head + room + struct.pack("<IHH", first, len(chunks), method) + gap + entries + blocks
