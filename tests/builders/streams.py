"""Compressed streams that the standard library does not write."""

import lzma
import struct
import zlib

from rorqual.analyzers.formats.streams.lz4_blocks import xxh32


def lzip(data: bytes) -> bytes:
    """A member with a dictionary of 4 KiB."""
    chain = [{"id": lzma.FILTER_LZMA1, "dict_size": 4096, "lc": 3, "lp": 0, "pb": 2}]
    stream = lzma.compress(data, lzma.FORMAT_RAW, filters=chain)
    return b"LZIP\x01\x0c" + stream + struct.pack("<IQQ", zlib.crc32(data), len(data), len(stream) + 26)


def zstd(data: bytes, *, flags: int = 0) -> bytes:
    """A frame of one stored block and one of a repeated byte; the window is of 1 KiB."""
    stored = (len(data) << 3).to_bytes(3, "little") + data
    repeated = (40 << 3 | 2 | 1).to_bytes(3, "little") + b"-"
    return b"\x28\xb5\x2f\xfd" + bytes((flags, 0)) + stored + repeated


def skippable(content: bytes, number: int = 0) -> bytes:
    return bytes((0x50 + number,)) + b"\x2a\x4d\x18" + struct.pack("<I", len(content)) + content


def lz4(*blocks: bytes, flags: int = 0x60) -> bytes:
    """A frame of blocks that do not depend on each other."""
    head = bytes((flags, 0x40))
    out = b"\x04\x22\x4d\x18" + head + bytes((xxh32(head) >> 8 & 0xFF,))
    for block in blocks:
        out += struct.pack("<I", len(block)) + block + (struct.pack("<I", xxh32(block)) if flags & 0x10 else b"")
    return out + bytes(4)


def lz4_block(data: bytes, copied: int) -> bytes:
    """Literals, the last of which is `copied` times there again, and five literals at the end."""
    return bytes((len(data) << 4 | copied - 4,)) + data + b"\x01\x00" + b"\x50" + b"whale"


def lz4_legacy(*blocks: bytes) -> bytes:
    return b"\x02\x21\x4c\x18" + b"".join(struct.pack("<I", len(block)) + block for block in blocks)


def compress(data: bytes, bits: int = 16) -> bytes:
    """LZW in block mode, without a clear code."""
    table = {bytes((byte,)): byte for byte in range(256)}
    free, width, codes, last = 257, 9, list[int](), b""
    value = shift = 0
    start = 0
    for at in range(len(data) + 1):
        piece = data[at : at + 1]
        if piece and last + piece in table:
            last += piece
            continue
        if last:
            value |= table[last] << shift
            shift += width
            codes.append(table[last])
            if free < 1 << bits:
                table[last + piece] = free
                free += 1
                if free > 1 << width and width < bits:
                    shift = start + -(-(shift - start) // (8 * width)) * 8 * width
                    start, width = shift, width + 1
        last = piece
    return b"\x1f\x9d" + bytes((0x80 | bits,)) + value.to_bytes((shift + 7) // 8, "little")
