"""The blocks of RAR 1.5 to 4.x: CRC-16 (the lower half of a CRC-32), type, flags and sizes, little-endian."""

import struct
import zlib
from typing import NamedTuple

from rorqual.analyzers.formats.solid.members import LONGEST_NAME
from rorqual.sdk import View

MAIN, FILE, SUB, END = 0x73, 0x74, 0x7A, 0x7B
FIRST_TYPE = 0x72
LONG_BLOCK = 0x8000
MAIN_VOLUME, MAIN_COMMENT, MAIN_LOCK, MAIN_SOLID, MAIN_RECOVERY = 0x1, 0x2, 0x4, 0x8, 0x40
MAIN_PASSWORD, MAIN_FIRST = 0x80, 0x100
FILE_BEFORE, FILE_AFTER, FILE_PASSWORD, FILE_COMMENT = 0x1, 0x2, 0x4, 0x8
FILE_DIRECTORY, FILE_LARGE, FILE_UNICODE, FILE_SALT, FILE_TIMES = 0xE0, 0x100, 0x200, 0x400, 0x1000
END_MORE, END_CRC, END_NUMBER = 0x1, 0x2, 0x8
HEAD_READ = 256  # most headers fit
_HEAD = struct.Struct("<HBHH")
_FILE = struct.Struct("<IIBIIBBHI")


class Block(NamedTuple):
    """A block whose CRC holds."""

    at: int
    type: int
    flags: int
    header: bytes  # from the CRC on, all of it
    data: int  # bytes of data behind the header

    @property
    def data_at(self) -> int:
        return self.at + len(self.header)

    @property
    def end(self) -> int:
        return self.data_at + self.data


class File(NamedTuple):
    """What a header of a file or a service says beyond the block."""

    size: int
    host: int
    crc: int
    modified: int
    method: int
    attributes: int
    name: str
    rest: int  # where in the header what follows the known fields begins


def read_block(view: View, at: int) -> Block | None:
    """The block at `at`; None where there is none whose CRC holds."""
    data = view.read(at, HEAD_READ)
    if len(data) < _HEAD.size:
        return None
    crc, kind, flags, size = _HEAD.unpack_from(data)
    if not FIRST_TYPE < kind <= END or size < _HEAD.size:
        return None
    header = data[:size] if size <= len(data) else view.read(at, size)
    if len(header) < size or not _holds(crc, kind, flags, header):
        return None
    added = 0
    if flags & LONG_BLOCK or kind in (FILE, SUB):
        if size < 11:
            return None
        added = int.from_bytes(header[7:11], "little")
    if kind in (FILE, SUB) and flags & FILE_LARGE and size >= 40:
        added |= int.from_bytes(header[32:36], "little") << 32
    return Block(at, kind, flags, header, added)


def _holds(crc: int, kind: int, flags: int, header: bytes) -> bool:
    if zlib.crc32(header[2:]) & 0xFFFF == crc:
        return True
    covered = 0  # RAR 2.x kept comments in the header, and did not count them in
    if kind == MAIN and flags & MAIN_COMMENT:
        covered = 13
    elif kind == FILE and flags & FILE_COMMENT and len(header) >= 32:
        covered = 32 + int.from_bytes(header[26:28], "little")
    return 0 < covered <= len(header) and zlib.crc32(header[2:covered]) & 0xFFFF == crc


def read_file(block: Block) -> File | None:
    """The fields of a file's header."""
    if len(block.header) < 32:
        return None
    _, size, host, crc, modified, _, method, length, attributes = _FILE.unpack_from(block.header, 7)
    at = 32
    if block.flags & FILE_LARGE:
        if len(block.header) < 40:
            return None
        size |= int.from_bytes(block.header[36:40], "little") << 32
        at = 40
    raw = block.header[at : at + length]
    if len(raw) < length:
        return None
    at += length + 8 * bool(block.flags & FILE_SALT)
    return File(size, host, crc, modified, method, attributes, _name(raw, block.flags), at)


def _name(raw: bytes, flags: int) -> str:
    plain, zero, encoded = raw.partition(b"\0")
    if flags & FILE_UNICODE:
        name = _unicode(plain, encoded) if zero else raw.decode("utf-8", "replace")
    else:
        name = raw.decode("cp437", "replace")
    return name[:LONGEST_NAME]


def _unicode(plain: bytes, encoded: bytes) -> str:
    """A name as runs of what differs from the one in the old code page."""
    if not encoded:
        return plain.decode("cp437", "replace")
    high, at, out = encoded[0], 1, bytearray()
    flags = left = 0
    while at < len(encoded):
        if not left:
            flags, left, at = encoded[at], 8, at + 1
            continue
        left -= 2
        kind, given = flags >> left & 3, encoded[at]
        at += 1
        if kind < 2:
            out += bytes((given, high * kind))
        elif kind == 2:
            out += bytes((given, encoded[at] if at < len(encoded) else 0))
            at += 1
        else:
            start, count = len(out) // 2, (given & 0x7F) + 2
            shift = 0
            if given & 0x80:
                shift, at = encoded[at] if at < len(encoded) else 0, at + 1
            for one in plain[start : start + count]:
                out += bytes((one + shift & 0xFF, high if given & 0x80 else 0))
    return out.decode("utf-16-le", "replace")
