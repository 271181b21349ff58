"""A header of any level."""

from collections.abc import Iterator
from functools import cache

from rorqual.sdk import frozen

MAGIC, MAGIC_AT = b"-", 2
FIXED = 34  # bytes that tell the level and, in all of them, how long the header is
HEADER_MOST = 64 << 10  # bytes, extended headers included
EXTENDED_MOST = 64
NAME_BYTES = 1024
METHODS = (b"-lh", b"-lz", b"-pm")
SYSTEMS = {
    0x4D: "MS-DOS",
    0x32: "OS/2",
    0x39: "OS-9",
    0x4B: "OS/68K",
    0x33: "OS/386",
    0x48: "Human68K",
    0x55: "Unix",
    0x43: "CP/M",
    0x46: "FLEX",
    0x6D: "Macintosh",
    0x52: "Runser",
    0x77: "Windows NT",
    0x57: "Windows 95",
    0x4A: "Java",
    0x41: "Amiga",
    0: "generic",
    0x20: "generic",
}
X_CRC, X_NAME, X_FOLDER, X_COMMENT, X_MODE, X_TIME = 0x00, 0x01, 0x02, 0x3F, 0x50, 0x54
X_KNOWN = {X_CRC, X_NAME, X_FOLDER, X_COMMENT, 0x40, 0x41, 0x42, X_MODE, 0x51, 0x52, 0x53, X_TIME}


@frozen
class Header:
    """What a header says; places count from its start."""

    level: int
    method: bytes
    data: int  # where the data begin
    packed: int
    size: int
    time: int  # as stored: DOS's in levels 0 and 1, else seconds since 1970
    name: bytes
    crc: int | None
    system: str | None
    comment: tuple[int, int] | None  # start and end
    private: tuple[tuple[int, int], ...]  # extended headers of unknown use
    proof: str

    @property
    def whole(self) -> int:
        """Bytes of header and data."""
        return self.data + self.packed


def header(raw: bytes) -> Header | None:
    """The header that `raw` begins with and holds whole; None where there is none, or its sum does not hold."""
    if len(raw) < 22 or raw[2:5] not in METHODS or raw[6:7] != b"-":
        return None
    level = raw[20]
    if level > 3:
        return None
    return _old(raw) if level == 0 else _mixed(raw) if level == 1 else _new(raw)


def _numbers(raw: bytes) -> tuple[int, int, int]:
    """(packed, size, time)."""
    return tuple(int.from_bytes(raw[at : at + 4], "little") for at in (7, 11, 15))  # type: ignore[return-value]  # three


def _summed(raw: bytes) -> int:
    """Bytes of a header of level 0 or 1 without extended ones; 0 where its sum does not hold."""
    end = raw[0] + 2
    fits = len(raw) >= end >= 22 + raw[21] and sum(raw[2:end]) & 0xFF == raw[1]
    return end if fits else 0


def _old(raw: bytes) -> Header | None:
    end = _summed(raw)
    if not end:
        return None
    packed, size, time = _numbers(raw)
    at = 22 + raw[21]
    name, crc = raw[22:at], int.from_bytes(raw[at : at + 2], "little") if end >= at + 2 else None
    system = SYSTEMS.get(raw[at + 2]) if end > at + 2 else None
    return Header(0, raw[2:7], end, packed, size, time, name, crc, system, None, (), "the header's sum holds")


def _mixed(raw: bytes) -> Header | None:
    end = _summed(raw)
    at = 22 + raw[21]
    if not end or end < at + 5:
        return None
    skip, size, time = _numbers(raw)
    crc, system = int.from_bytes(raw[at : at + 2], "little"), SYSTEMS.get(raw[at + 2])
    more = _Extended(raw, end, int.from_bytes(raw[end - 2 : end], "little"), 2)
    if more.end is None or more.end - end > skip:
        return None
    return Header(
        1,
        raw[2:7],
        more.end,
        skip - (more.end - end),
        size,
        time,
        more.path(raw[22:at]),
        crc,
        system,
        more.comment,
        tuple(more.private),
        "the header's sum holds",
    )


def _new(raw: bytes) -> Header | None:
    level, wide = raw[20], 4 if raw[20] == 3 else 2
    if len(raw) < 32 or (level == 3 and raw[:2] != b"\4\0"):
        return None
    whole = int.from_bytes(raw[24:28] if level == 3 else raw[:2], "little")
    start = 28 if level == 3 else 24
    if not start + wide <= whole <= min(len(raw), HEADER_MOST):
        return None
    more = _Extended(raw[:whole], start + wide, int.from_bytes(raw[start : start + wide], "little"), wide)
    if more.end is None or more.end > whole:
        return None
    proof = "the fields agree"
    if more.crc is not None:
        stored = int.from_bytes(raw[more.crc : more.crc + 2], "little")
        if crc16(raw[: more.crc] + b"\0\0" + raw[more.crc + 2 : whole]) != stored:
            return None
        proof = "the header's CRC-16 holds"
    packed, size, time = _numbers(raw)
    crc, system = int.from_bytes(raw[21:23], "little"), SYSTEMS.get(raw[23])
    name = more.path(b"")
    private = tuple(more.private)
    return Header(level, raw[2:7], whole, packed, size, time, name, crc, system, more.comment, private, proof)


class _Extended:
    """Extended headers: each begins with its type and ends with the size of the next; a size of 0 ends them."""

    def __init__(self, raw: bytes, at: int, size: int, wide: int) -> None:
        self.end: int | None = None
        self.crc: int | None = None
        self.comment: tuple[int, int] | None = None
        self.private: list[tuple[int, int]] = []
        self._raw, self._wide = raw, wide
        self._name = self._folder = b""
        for start, end in self._walk(at, size):
            self._take(raw[start], start + 1, end)

    def _walk(self, at: int, size: int) -> Iterator[tuple[int, int]]:
        """(start, end of the content) of each."""
        for _ in range(EXTENDED_MOST):
            if not size:
                self.end = at
                return
            after = at + size
            if size < 1 + self._wide or after > len(self._raw):
                return
            yield at, after - self._wide
            size = int.from_bytes(self._raw[after - self._wide : after], "little")
            at = after

    def _take(self, kind: int, start: int, end: int) -> None:
        content = self._raw[start:end]
        if kind == X_CRC and len(content) >= 2:
            self.crc = start
        elif kind == X_NAME:
            self._name = content
        elif kind == X_FOLDER:
            self._folder = content.replace(b"\xff", b"/")
        elif kind == X_COMMENT:
            self.comment = (start, end)
        elif kind not in X_KNOWN:
            self.private.append((start, end))

    def path(self, name: bytes) -> bytes:
        """Folder and name."""
        name = self._name or name
        folder = self._folder.rstrip(b"/")
        return (folder + b"/" + name if folder else name)[:NAME_BYTES]


def header_size(raw: bytes) -> int:
    """Bytes that `header` needs for what begins like this, at most HEADER_MOST."""
    if len(raw) < 32:
        return len(raw)
    level = raw[20]
    if level == 2:
        return min(HEADER_MOST, int.from_bytes(raw[:2], "little"))
    if level == 3:
        return min(HEADER_MOST, int.from_bytes(raw[24:28], "little"))
    return raw[0] + 2 if level == 0 else min(HEADER_MOST, raw[0] + 2 + 4096)


def member_size(data: bytes, at: int) -> int | None:
    """Bytes of the member whose header is at `at`; None where there is none."""
    head = data[at : at + FIXED]
    found = header(data[at : at + header_size(head)])
    return None if found is None else found.whole


def crc16(data: bytes, crc: int = 0) -> int:
    """The CRC-16 of ARC and LHA."""
    table = _table()
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


@cache
def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return tuple(table)
