"""A member: the directory's entry and the local header that it leads to, held against each other."""

import struct
from collections.abc import Generator, Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.archives.notes import LEAST_ROOM, OVERRIDE, Notes, climbs
from rorqual.analyzers.formats.archives.zip.bodies import NAME_SHOWN, NOTE_SHOWN, ZipMember
from rorqual.analyzers.formats.archives.zip.records import (
    CENTRAL_SIZE,
    DEFERRED,
    DESCRIPTOR,
    ENCRYPTED,
    FULL32,
    LOCAL,
    LOCAL_SIZE,
    MASKED,
    METHODS,
    STRONG,
    UNIX,
    X_AES,
    X_NAME,
    X_ZIP64,
    Entry,
    Local,
    extras,
    local,
    moment,
    text,
    wide,
)
from rorqual.sdk import Said, View

# Extra fields of known use (APPNOTE 4.5.2 and Info-ZIP's list), and how long they are at most: what is longer, or of
# another header, has room.
KNOWN = {
    X_ZIP64: 28,
    0x0009: 32,  # OS/2
    0x000A: 36,  # NTFS times
    0x000D: 64,  # Unix: times, owners, a link's target
    0x334D: 64,  # Macintosh
    0x5455: 13,  # times
    0x5855: 12,
    0x756E: 64,  # ASi Unix
    0x7855: 4,
    0x7875: 24,  # owners
    X_NAME: 1024,
    0x6375: 1024,  # a comment in Unicode
    X_AES: 7,
    0xCAFE: 0,  # marks a jar
    0xA11E: 4,  # Apache Compress: alignment
    0xD935: 2,  # zipalign: alignment, then zeros
}
GROWTH = 0xA220  # Microsoft's room to grow: a signature, a size, then zeros
LINK = 0o12  # the upper four bits of a mode
UNTOLD = -1  # size of a member that its header leaves to a descriptor nobody found
TARGET = 256  # bytes of a link's target read


class Aes(NamedTuple):
    """WinZip's extra field."""

    version: int
    strength: int  # 1 to 3: 128, 192, 256 bits
    method: int


class Member(NamedTuple):
    """What is needed to decode a member. Offsets count in the source."""

    start: int  # the local header
    data: int
    end: int  # of data and descriptor
    packed: int
    size: int
    crc: int
    method: int
    flags: int
    time: int
    aes: Aes | None
    name: str


class Near:
    """Reads small pieces that mostly lie close behind one another; `grain` bytes at once."""

    def __init__(self, view: View, grain: int) -> None:
        self.view = view
        self._grain = grain
        self._data = b""
        self._at = 0

    def read(self, at: int, size: int) -> bytes:
        """As View.read."""
        place = at - self._at
        if place < 0 or place + size > len(self._data):
            self._data, self._at, place = self.view.read(at, max(size, self._grain)), at, 0
        return self._data[place : place + size]


def encryption(flags: int, aes: Aes | None) -> str | None:
    """How a member is encrypted."""
    if aes is not None:
        return f"aes-{64 + 64 * aes.strength}"
    if flags & STRONG:
        return "strong"
    return "zipcrypto" if flags & ENCRYPTED else None


def aes_field(extra: bytes) -> Aes | None:
    """WinZip's extra field, where there is a valid one."""
    for header, _, start, end in extras(extra):
        if header == X_AES and end - start >= 7 and 1 <= extra[start + 4] <= 3:
            version, strength, method = struct.unpack_from("<H2xBH", extra, start)
            return Aes(version, strength, method)
    return None


def row(offset: int, entry: Entry, aes: Aes | None, shown: str) -> ZipMember:
    """The member's line in the table."""
    method = aes.method if aes is not None else entry.method
    system = entry.made >> 8
    return ZipMember(
        offset,
        shown,
        METHODS.get(method) or f"method {method}",
        entry.packed,
        entry.size,
        entry.crc,
        moment(entry.date, entry.time),
        encryption(entry.flags, aes),
        entry.external >> 16 if system in UNIX else None,
        text(entry.comment, entry.flags, NOTE_SHOWN) if entry.comment else None,
    )


def odd_names(entry: Entry, shown: str, notes: Notes) -> Iterator[Said]:
    """Names that lead elsewhere or show as something else, and room in the entry."""
    name, extra = entry.name, entry.extra
    at, size = entry.at, entry.end - entry.at
    if climbs(name):
        yield from notes.anomaly(at, size, "path_traversal", shown)
    if not name.isascii() and OVERRIDE in name:
        yield from notes.anomaly(at, size, "right_to_left_name", shown)
    if b"\0" in name:
        yield from notes.anomaly(at, size, "name_with_nul", shown)
    if extra:
        yield from strange_extras(at + CENTRAL_SIZE + len(name), extra, notes)
        for header, _, start, end in extras(extra):
            if header == X_NAME and name.isascii() and end - start > 5 and extra[start + 5 : end] != name:
                other = text(extra[start + 5 : end], 0, NAME_SHOWN // 4)
                yield from notes.anomaly(at, size, "names_differ", f"{shown[: NAME_SHOWN // 4]} and {other}")
    if len(entry.comment) >= LEAST_ROOM:
        yield from notes.room(entry.end - len(entry.comment), entry.comment, "comment")


def strange_extras(offset: int, extra: bytes, notes: Notes) -> Iterator[Said]:
    """Extra fields that no reader knows, at an offset in the source."""
    for header, at, start, end in extras(extra):
        known = KNOWN.get(header)
        if known is not None and end - start <= known:
            continue
        if header in (GROWTH, 0xD935):
            if extra[start + 4 : end].strip(b"\0"):
                yield from notes.room(offset + at, extra[at:end], "padding")
        else:
            yield from notes.room(offset + at, extra[at:end], "slack" if header < 0 else "extra")


def check(entry: Entry, near: Near, start: int, notes: Notes) -> Generator[Said, None, tuple[int, int] | None]:
    """Says in what the local header at `start` differs; returns where the data begins and the member ends, or None."""
    head = near.read(start, LOCAL_SIZE) if start >= 0 else b""
    if head[:4] != LOCAL or len(head) < LOCAL_SIZE:
        place = (start, 4) if head else (entry.at, entry.end - entry.at)
        yield from notes.anomaly(*place, "local_header_missing", f"{text(entry.name, 0, NAME_SHOWN)} at {start:#x}")
        return None
    fields = local(head)
    data = start + LOCAL_SIZE + fields.name + fields.extra
    name = near.read(start + LOCAL_SIZE, fields.name)
    extra = near.read(data - fields.extra, fields.extra) if fields.extra else b""
    size = data - start
    if name != entry.name and not fields.flags & MASKED:
        shown = text(name, fields.flags, NAME_SHOWN // 4), text(entry.name, entry.flags, NAME_SHOWN // 4)
        proof = f"{shown[0]} here, {shown[1]} in the directory"
        yield from notes.anomaly(start, size, "names_differ", proof)
    if fields.method != entry.method:
        yield from notes.anomaly(start + 8, 2, "methods_differ", f"{fields.method} here, {entry.method} there")
    if (fields.flags ^ entry.flags) & ENCRYPTED:
        yield from notes.anomaly(start + 6, 2, "encryption_differs", f"{fields.flags:#x} here, {entry.flags:#x} there")
    if extra:
        yield from strange_extras(data - fields.extra, extra, notes)
    here = (fields.crc, *_sizes(fields, extra))
    there = (entry.crc, entry.packed, entry.size)
    if here != there and not (fields.flags & DEFERRED and _left_open(here, fields, there)):
        proof = (
            f"CRC-32, sizes {here[0]:#x}, {here[1]}, {here[2]}, in the directory {there[0]:#x}, {there[1]}, {there[2]}"
        )
        if not fields.flags & MASKED:
            yield from notes.anomaly(start + 14, 12, "sizes_differ", proof)
    end = data + entry.packed
    if fields.flags & DEFERRED:
        after, agrees = descriptor(near.read(end, 24), entry.crc, entry.packed, entry.size)
        if not agrees:
            yield from notes.anomaly(end, after, "descriptor_differs", text(entry.name, entry.flags, NAME_SHOWN))
        end += after
    return data, end


def _sizes(fields: Local, extra: bytes) -> tuple[int, int]:
    """(packed, size) of a local header."""
    if FULL32 in (fields.packed, fields.size):
        size, packed = wide(extra, fields.size, fields.packed)
        return packed, size
    return fields.packed, fields.size


def _left_open(here: tuple[int, ...], fields: Local, there: tuple[int, ...]) -> bool:
    """Whether each of the values is right, or left to the descriptor."""
    stored = (fields.crc, fields.packed, fields.size)
    return all(
        one in (0, FULL32) or other in (one, wide_one) for one, wide_one, other in zip(stored, here, there, strict=True)
    )


def descriptor(raw: bytes, crc: int, packed: int, size: int) -> tuple[int, bool]:
    """The bytes of the data descriptor that `raw` begins with, and whether it says the same (4.3.9)."""
    signed = raw[:4] == DESCRIPTOR
    for mark in (DESCRIPTOR, b"") if signed else (b"",):
        for form in ("<3L", "<L2Q"):
            mask = FULL32 if form == "<3L" else (1 << 64) - 1
            expected = mark + struct.pack(form, crc, packed & mask, size & mask)
            if raw.startswith(expected):
                return len(expected), True
    if signed:
        wide_one = raw[16:18] not in (b"PK", b"")  # what follows a short one is a header
        return 24 if wide_one and raw[12:16] == bytes(4) else 16, False
    return (0, True) if raw[:2] == b"PK" else (0, False)


def link_target(entry: Entry, view: View, data: int) -> tuple[str, str]:
    """(name, target) of a symbolic link."""
    target = view.read(data, min(entry.packed, TARGET)) if entry.method == 0 else b""
    return text(entry.name, entry.flags, NAME_SHOWN // 4), text(target, entry.flags, NAME_SHOWN // 4) or "not read"
