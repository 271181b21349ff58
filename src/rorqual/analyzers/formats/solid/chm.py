"""Compiled HTML Help: "ITSF", the file's size, a directory in chunks ("ITSP", "PMGL"), and content in two sections.

http://www.russotto.net/chm/chmformat.html (there is no specification of Microsoft's). What lies in section 0 is stored
and a child where it lies; section 1 is one LZX stream, whose files are children of it. Not handled: sections of others.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.solid.lzx import FRAME, MOST, Lzx
from rorqual.analyzers.formats.solid.members import LONGEST_NAME, Table, Traps
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Part, Refused, Region, Said, View, frozen

HEADER = struct.Struct("<4sIIIII16s16sQQQQ")
SECTION_0 = struct.Struct("<IIQII")
DIRECTORY = struct.Struct("<4sIIIIIIiiiiI")
CHUNK_HEAD = 20  # of a chunk with entries
CHUNKS_MOST = 16_384
CHUNK_MOST = 1 << 16
KEPT_MOST = 8192  # entries of a section that become children
COMPRESSED = "::DataSpace/Storage/MSCompressed/Content"
CONTROL = "::DataSpace/Storage/MSCompressed/ControlData"
RESET_TABLE = (
    "::DataSpace/Storage/MSCompressed/Transform/{7FC28940-9D31-11D0-9B27-00A0C91E9C7C}/InstanceData/ResetTable"
)
CONTROL_DATA = struct.Struct("<I4sIIII")
FRAME_MOST = FRAME + 6144  # encoded bytes of a frame


class ChmEntry(NamedTuple):
    """An entry of the directory."""

    name: str
    section: int  # 0 stored, 1 compressed
    at: int  # bytes into the section
    size: int


@frozen
class ChmEntries:
    """Rows of entries, 256 to a finding, which spans their chunks."""

    tag: ClassVar[str] = "chm_entries"
    first: int
    rows: tuple[ChmEntry, ...]


@frozen
class ChmFile:
    """A help file; the finding has the size that its header tells."""

    tag: ClassVar[str] = "chm_file"
    version: int
    language: int  # of Windows
    timestamp: int  # the lower part of one, as stored
    chunks: int
    entries: int
    size: int  # bytes, as stored


class Chm:
    """Finds help files anywhere."""

    name = "chm"
    version = 1
    wakes_on = (Anchor(rb"ITSF[\x02-\x04]\x00\x00\x00[\x58\x60]\x00\x00\x00"),)

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        fields = HEADER.unpack(view.exact(0, HEADER.size))
        version, timestamp, language = fields[1], int.from_bytes(fields[4].to_bytes(4, "little"), "big"), fields[5]
        first, _, second, length = fields[8:12]
        _, _, size, _, _ = SECTION_0.unpack(view.exact(first, SECTION_0.size))
        content = int.from_bytes(view.exact(HEADER.size, 8), "little") if version >= 3 else second + length
        facts = DIRECTORY.unpack(view.exact(second, DIRECTORY.size))
        magic, _, head, _, chunk_size = facts[:5]
        if magic != b"ITSP" or not CHUNK_HEAD < chunk_size <= CHUNK_MOST or size < second:
            raise Malformed(hit.offset + second, "a directory")
        walk = _Walk(hit, second + head, chunk_size, facts[8], facts[11])
        said = list(walk.said())
        present = view.within(0, size)
        yield hit.finding(0, present, ChmFile(version, language, timestamp, walk.chunks, walk.count, size))
        yield from said
        if present == size and walk.sound:
            yield Extent(0, size, "chm", f"{walk.chunks} chunks of the directory lead to the last", "start")
        for entry in walk.stored:
            there = view.within(content + entry.at, entry.size)
            if entry.name == COMPRESSED and there:
                yield from _compressed(view, content, content + entry.at, there, walk)
            elif there:
                yield Region(content + entry.at, there, "chm-entry", Codec("chm-stored", None), name=entry.name)


def _compressed(view: View, content: int, at: int, size: int, walk: "_Walk") -> Iterator[Said]:
    """Section 1, as the entries of section 0 describe it."""
    named = {entry.name: entry for entry in walk.stored}
    control, table = named.get(CONTROL), named.get(RESET_TABLE)
    facts = view.read(content + control.at, CONTROL_DATA.size) if control is not None else b""
    sizes = view.read(content + table.at, 24) if table is not None else b""
    if len(facts) < CONTROL_DATA.size or len(sizes) < 24 or facts[4:8] != b"LZXC":
        yield Refused(at, size, "method", 0)
        return
    _, _, version, interval, window, _ = CONTROL_DATA.unpack(facts)
    unit = FRAME if version == 2 else 1
    decoded = int.from_bytes(sizes[16:24], "little")
    if decoded > MOST:
        yield Refused(at, size, "lzx", MOST)
        return
    section = Section(max(1, interval * unit // FRAME), (window * unit).bit_length() - 1, decoded)
    parts = tuple(Part(one.at, one.size, one.name) for one in walk.packed)
    yield Region(at, size, "chm-section", Codec("chm-lzx", section, parts))


@dataclass(frozen=True)
class Section:
    """The compressed section: it begins anew after so many frames."""

    interval: int
    window: int  # binary logarithm of bytes
    size: int  # bytes, decoded

    def __call__(self, view: View) -> Iterator[bytes]:
        """The stream of all files.

        Raises:
            Malformed: it breaks.
        """
        lzx, at = Lzx(self.window, view.offset), 0
        for number in range(-(-self.size // FRAME)):
            if number % self.interval == 0:
                lzx.reset()
            frame, used = lzx.frame(view.read(at, FRAME_MOST), min(FRAME, self.size - number * FRAME))
            at += used
            yield frame


class _Walk:
    """The chunks of the directory, from the first with entries on."""

    def __init__(self, hit: Hit, start: int, size: int, first: int, count: int) -> None:
        self._hit, self._start, self._size, self._next, self._count = hit, start, size, first, count
        self.chunks = self.count = 0
        self.sound = False
        self.stored: list[ChmEntry] = []  # of section 0
        self.packed: list[ChmEntry] = []  # of section 1

    def said(self) -> Iterator[Said]:
        table, traps, seen = Table[ChmEntry](), Traps(self._hit), set[int]()
        while self._next >= 0 and self._next not in seen and len(seen) < CHUNKS_MOST:
            seen.add(self._next)
            at = self._start + self._next * self._size
            chunk = self._hit.view.read(at, self._size)
            if len(chunk) < self._size or chunk[:4] != b"PMGL":
                break
            free, _, _, following = struct.unpack_from("<IIii", chunk, 4)
            self.chunks += 1
            end = self._size - min(free, self._size)
            for entry in _entries(chunk, end):
                self._hit.view.step()
                self.count += 1
                for part in table.add(at, self._size, entry):
                    yield self._hit.finding(*part[:2], ChmEntries(*part[2:]))
                yield from traps.name(at, self._size, entry.name.removeprefix("/"))
                kept = self.packed if entry.section else self.stored
                if entry.size and entry.section < 2 and len(kept) < KEPT_MOST:
                    kept.append(entry)
            self._next = following
        self.sound = self.chunks > 0 and self._next < 0
        for part in table.rest():
            yield self._hit.finding(*part[:2], ChmEntries(*part[2:]))


def _entries(chunk: bytes, end: int) -> Iterator[ChmEntry]:
    at = CHUNK_HEAD
    while at < end:
        length, at = _number(chunk, at)
        name = chunk[at : at + length].decode("utf-8", "replace")[:LONGEST_NAME]
        section, at = _number(chunk, at + length)
        place, at = _number(chunk, at)
        size, at = _number(chunk, at)
        if at > end:
            return
        yield ChmEntry(name, section, place, size)


def _number(data: bytes, at: int) -> tuple[int, int]:
    """7 bits a byte, high bits first; and where what follows begins."""
    value = 0
    for shift in range(10):
        if at + shift >= len(data):
            break
        value = value << 7 | data[at + shift] & 0x7F
        if data[at + shift] < 0x80:
            return value & (1 << 63) - 1, at + shift + 1
    return 0, len(data) + 1
