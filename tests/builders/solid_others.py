"""ACE, WIM, CHM and NSIS, as small as they can be."""

import hashlib
import lzma
import struct
import zlib


def ace_block(kind: int, flags: int, fields: bytes, data: bytes = b"") -> bytes:
    head = struct.pack("<BH", kind, flags) + fields
    return struct.pack("<HH", ~zlib.crc32(head) & 0xFFFF, len(head)) + head + data


def ace_main(comment: bytes = b"") -> bytes:
    return ace_block(
        0, 0x0002 if comment else 0, b"**ACE**" + struct.pack("<BBBBI8x", 20, 20, 2, 0, 0x5A3F6C21) + comment
    )


def ace_file(name: bytes, data: bytes, *, method: int = 0, flags: int = 0) -> bytes:
    fields = struct.pack(
        "<IIIIIBBHHH",
        len(data),
        len(data),
        0x5A3F6C21,
        0x20,
        ~zlib.crc32(data) & 0xFFFFFFFF,
        method,
        3,
        10,
        0,
        len(name),
    )
    return ace_block(1, 1 | flags, fields + name, data)


def _resource(at: int, size: int, flags: int = 0) -> bytes:
    return struct.pack("<QQQ", size | flags << 56, at, size)


def wim(*files: bytes, gap: bytes = b"", packed: bytes = b"") -> bytes:
    """Stored files, and one that is said to be compressed."""
    at, body, table = 208 + len(gap), gap, b""
    for number, data in enumerate((*files, packed) if packed else files):
        flags = 4 if number == len(files) else 0
        table += _resource(at, len(data), flags) + struct.pack("<HI", 1, 1) + hashlib.sha1(data).digest()
        body, at = body + data, at + len(data)
    xml = b"\xff\xfe" + "<WIM></WIM>".encode("utf-16-le")
    head = struct.pack("<8sIIII16sHHI", b"MSWIM\0\0\0", 208, 0x10D00, 0, 0, b"whale" * 3 + b"!", 1, 1, 1)
    head += _resource(at, len(table)) + _resource(at + len(table), len(xml)) + bytes(24 + 4 + 24 + 60)
    return head + body + table + xml


def chm(files: list[tuple[str, bytes]], *, packed: bytes = b"") -> bytes:
    """Stored files, and content that is said to be compressed; one chunk of 256 bytes."""
    entries, at, content = b"", 0, b""
    for name, data in [*files, ("::DataSpace/Storage/MSCompressed/Content", packed)]:
        entries += bytes((len(name),)) + name.encode() + b"\0" + bytes((at, len(data)))
        content, at = content + data, at + len(data)
    chunk = b"PMGL" + struct.pack("<IIii", 256 - 20 - len(entries), 0, -1, -1) + entries
    directory = (
        struct.pack("<4sIIIIIIiiiiI", b"ITSP", 1, 84, 10, 256, 2, 1, -1, 0, 0, -1, 1)
        + bytes(84 - 48)
        + chunk.ljust(256, b"\0")
    )
    start = 0x60 + 24
    size = start + len(directory) + len(content)
    head = struct.pack(
        "<4sIIIII16s16sQQQQQ",
        b"ITSF",
        3,
        0x60,
        1,
        0,
        1033,
        bytes(16),
        bytes(16),
        0x60,
        24,
        start,
        len(directory),
        start + len(directory),
    )
    return head + struct.pack("<IIQII", 0x1FE, 0, size, 0, 0) + directory + content


def nsis(files: list[tuple[str, bytes]], *, solid: bool = False) -> bytes:
    """An installer's data: DEFLATE for each, or one LZMA stream."""
    strings, entries, at = b"\0", b"", 0
    items = list[bytes]()
    for name, data in files:
        item = data if solid else _deflate(data)
        item = struct.pack("<I", len(item) | (0 if solid else 0x80000000)) + item
        entries += struct.pack("<7i", 20, 0, len(strings), at, 0, 0, 0)
        strings, at = strings + name.encode() + b"\0", at + len(item)
        items.append(item)
    header = bytes(20) + struct.pack("<IIII", 84, len(files), 84 + len(entries), 1) + bytes(48) + entries + strings
    if solid:
        chain = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
        whole = struct.pack("<I", len(header)) + header + b"".join(items)
        data = b"\x5d\0\0\x01\0" + lzma.compress(whole, lzma.FORMAT_RAW, filters=chain)
    else:
        packed = _deflate(header)
        data = struct.pack("<I", len(packed) | 0x80000000) + packed + b"".join(items)
    return struct.pack("<II12sII", 0, 0xDEADBEEF, b"NullsoftInst", len(header), 28 + len(data) + 4) + data + b"CRC!"


def _deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()
