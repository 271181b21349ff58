"""The four forms of header, and how far a member reaches."""

import re
import struct

from rorqual.sdk import frozen

LITTLE, BIG, ODC, NEWC, CRC = b"\xc7\x71", b"\x71\xc7", b"070707", b"070701", b"070702"
VARIANTS = {
    LITTLE: "binary, little-endian",
    BIG: "binary, big-endian",
    ODC: "odc",
    NEWC: "newc",
    CRC: "crc",
}
LONGEST = 110  # bytes of a header without its name
TRAILER = b"TRAILER!!!"
NAME_MOST = 4096  # bytes; binary headers in data are told apart by it, too
TYPES = {
    0o1: "fifo",
    0o2: "character device",
    0o4: "folder",
    0o6: "block device",
    0o10: "file",
    0o11: "network special file",
    0o12: "symbolic link",
    0o14: "socket",
}
_ODC = re.compile(rb"070707[0-7]{70}")
_NEWC = re.compile(rb"07070[12][0-9a-fA-F]{104}")


@frozen
class Header:
    """What a header says."""

    magic: bytes
    mode: int
    uid: int
    gid: int
    links: int
    modified: int
    name_size: int  # bytes, with the zero that ends it
    size: int
    check: int
    fixed: int  # bytes before the name

    @property
    def align(self) -> int:
        """What names and data are padded to."""
        return {ODC: 1, NEWC: 4, CRC: 4}.get(self.magic, 2)

    @property
    def data(self) -> int:
        """Where the data begin, from the header's start."""
        return _up(self.fixed + self.name_size, self.align)

    @property
    def whole(self) -> int:
        """Bytes of the member, with padding."""
        return self.data + _up(self.size, self.align)


def _up(size: int, to: int) -> int:
    return -(-size // to) * to


def header(raw: bytes) -> Header | None:
    """The header that `raw` begins with, which should hold LONGEST bytes; None for none."""
    found = _text_header(raw) if raw[:1] == b"0" else _binary_header(raw)
    if found is None or not 0 < found.name_size <= NAME_MOST or (found.mode >> 12 not in TYPES and found.mode >> 12):
        return None
    return found


def _binary_header(raw: bytes) -> Header | None:
    magic = raw[:2]
    if magic not in (LITTLE, BIG) or len(raw) < 26:
        return None
    words = struct.unpack_from("<12H" if magic == LITTLE else ">12H", raw, 2)
    _, _, mode, uid, gid, links, _, high, low, name, size_high, size_low = words
    return Header(magic, mode, uid, gid, links, high << 16 | low, name, size_high << 16 | size_low, 0, 26)


def _text_header(raw: bytes) -> Header | None:
    if _ODC.match(raw):
        mode, uid, gid, links = (int(raw[at : at + 6], 8) for at in (18, 24, 30, 36))
        modified, name, size = int(raw[48:59], 8), int(raw[59:65], 8), int(raw[65:76], 8)
        return Header(ODC, mode, uid, gid, links, modified, name, size, 0, 76)
    if _NEWC.match(raw):
        fields = [int(raw[at : at + 8], 16) for at in range(6, 110, 8)]
        mode, uid, gid, links, modified, size = fields[1:7]
        return Header(raw[:6], mode, uid, gid, links, modified, fields[11], size, fields[12], 110)
    return None


def member_size(data: bytes, at: int) -> int | None:
    """Bytes of the member whose header is at `at`; None where there is none, or behind which none follows."""
    found = header(data[at : at + LONGEST])
    if found is None:
        return None
    name = data[at + found.fixed : at + found.fixed + found.name_size]
    return None if name.rstrip(b"\0") == TRAILER else found.whole
