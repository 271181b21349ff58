"""A header of 512 bytes, as stored, and how far its member reaches."""

import re

from rorqual.sdk import View, frozen

BLOCK = 512
READ = 64 << 10
RECORD = 20 * BLOCK  # what writers pad to
ZEROS = bytes(BLOCK)
MAGIC, MAGIC_AT = b"ustar", 257
SIZE_MOST = 1 << 62
TYPES = {
    b"\0": "file",
    b"0": "file",
    b"1": "hard link",
    b"2": "symbolic link",
    b"3": "character device",
    b"4": "block device",
    b"5": "folder",
    b"6": "fifo",
    b"7": "contiguous file",
    b"A": "access control list",
    b"D": "folder with names",
    b"E": "attributes",
    b"I": "inode",
    b"K": "long link name",
    b"L": "long name",
    b"M": "continued file",
    b"N": "old long names",
    b"S": "sparse file",
    b"V": "volume label",
    b"X": "extended header (Solaris)",
    b"g": "global extended header",
    b"x": "extended header",
}
FILES = (b"\0", b"0", b"7", b"S", b"M")
EMPTY = (b"1", b"2", b"3", b"4", b"5", b"6")  # have no data, whatever their size
META = (b"K", b"L", b"X", b"x", b"g")  # about the next member, or all that follow
_OCTAL = re.compile(rb"[ \0]*([0-7]*)[ \0]*")
_SPARSE_ENTRIES, _SPARSE_MORE = 504, 482


@frozen
class Header:
    """What a header says."""

    raw: bytes
    variant: str
    name: bytes
    mode: int
    uid: int
    gid: int
    size: int
    modified: int
    type: bytes
    link: bytes
    owner: bytes
    group: bytes

    @property
    def stored(self) -> int:
        """Bytes of data behind the header."""
        return 0 if self.type in EMPTY else self.size


def number(field: bytes) -> int | None:
    """Octal digits between blanks and zeros, or binary where the top bit is set; None for anything else."""
    if field[0] & 0x80:
        value = int.from_bytes(field, "big", signed=field[0] == 0xFF)
        return value if field[0] == 0xFF else value & (1 << 8 * len(field) - 1) - 1
    match = _OCTAL.fullmatch(field)
    if match is None:
        # What stands behind the first terminator is ignored by readers.
        match = _OCTAL.match(field)
        if match is None or match.end() == 0 or match[1] == b"":
            return None
    return int(match[1], 8) if match[1] else 0


def checked(raw: bytes) -> bool:
    """Whether the checksum holds, over unsigned or (as some old tars did) signed bytes."""
    if len(raw) < BLOCK or not any(raw[148:156].strip(b" \0")):
        return False
    stored = number(raw[148:156])
    plain = raw[:148] + b"        " + raw[156:]
    total = sum(plain)
    return stored == total or stored == total - 256 * sum(byte > 127 for byte in plain)


def variant_of(raw: bytes) -> str:
    """Which version wrote it."""
    if raw[257:265] == b"ustar  \0":
        return "gnu"
    if raw[257:262] == MAGIC:
        return "star" if raw[508:512] == b"tar\0" else "ustar"
    return "v7"


def header(raw: bytes) -> Header | None:
    """The header in 512 bytes; None where it is none."""
    if not checked(raw):
        return None
    variant = variant_of(raw)
    size, mode, modified = number(raw[124:136]), number(raw[100:108]), number(raw[136:148])
    uid, gid = number(raw[108:116]), number(raw[116:124])
    if size is None or not 0 <= size <= SIZE_MOST:
        return None
    name = _text(raw[:100])
    if variant in ("ustar", "star"):
        prefix = _text(raw[345:500] if variant == "ustar" else raw[345:476])
        name = prefix + b"/" + name if prefix else name
    named = variant != "v7"
    return Header(
        raw,
        variant,
        name,
        mode or 0,
        uid or 0,
        gid or 0,
        size,
        modified or 0,
        raw[156:157],
        _text(raw[157:257]),
        _text(raw[265:297]) if named else b"",
        _text(raw[297:329]) if named else b"",
    )


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def padded(size: int) -> int:
    """Bytes in whole blocks."""
    return -(-size // BLOCK) * BLOCK


def member_size(data: bytes, at: int) -> int | None:
    """Bytes of header and data of the member at `at`; None where there is none."""
    found = header(data[at : at + BLOCK])
    if found is None:
        return None
    size, raw = BLOCK + padded(found.stored), found.raw
    if found.type == b"S" and found.variant == "gnu" and more_sparse(raw, first=True):
        place, more = at + BLOCK, True
        while more and place + BLOCK <= len(data):
            more = more_sparse(data[place : place + BLOCK], first=False)
            place += BLOCK
            size += BLOCK
    return size


def more_sparse(raw: bytes, *, first: bool) -> bool:
    """Whether another block of a sparse member's map follows the block."""
    return raw[_SPARSE_MORE if first else _SPARSE_ENTRIES] != 0


def zeros_from(view: View, at: int, most: int) -> int:
    """Bytes of blocks of zeros from `at` on, at most so many."""
    count = 0
    size = RECORD
    while count < most:
        data = view.read(at + count, min(size, most - count))
        used = len(data) - len(data.lstrip(b"\0"))
        count += used // BLOCK * BLOCK
        if used < size or not data:
            break
        size = READ
    return count
