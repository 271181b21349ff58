"""Windows imaging archives: a header of 208 bytes that leads to a table of resources, each with its SHA-1, and to XML.

[MS-WIM] (https://www.microsoft.com/download/details.aspx?id=13096). What is stored is a child. Not handled: XPRESS, LZX
and LZMS, and the directories (metadata resources), so that children have no names.
"""

import hashlib
import struct
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.solid.members import Missed, Table, room
from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Hit, Malformed, Region, Room, Said, View, frozen

HEADER = struct.Struct("<8sIIII16sHHI24s24s24sI24s60s")
RESOURCE = struct.Struct("<QQQ")
ENTRY = 50
ENTRIES_MOST = 200_000
FREE, METADATA, COMPRESSED, SPANNED, SOLID = 0x1, 0x2, 0x4, 0x8, 0x10
CHECKED_MOST = 1 << 20  # bytes whose SHA-1 is verified
METHODS = {0x20000: "xpress", 0x40000: "lzx", 0x80000: "lzms"}
SOLID_MARK = 1 << 32  # the decoded size of a solid resource itself
GAPS_MOST = 64


class Resource(NamedTuple):
    """Where bytes are, and how."""

    at: int
    size: int
    flags: int
    decoded_size: int

    @property
    def end(self) -> int:
        return self.at + self.size


class WimResource(NamedTuple):
    """An entry of the table."""

    offset: int
    size: int  # bytes as stored
    decoded_size: int
    flags: int
    references: int
    sha1: str


@frozen
class WimResources:
    """Rows of resources, 256 to a finding, which spans their entries."""

    tag: ClassVar[str] = "wim_resources"
    first: int
    rows: tuple[WimResource, ...]


@frozen
class WimArchive:
    """An archive or a part of one; the finding has the size that its tables lead to."""

    tag: ClassVar[str] = "wim_archive"
    version: str
    method: str
    images: int
    part: int
    parts: int
    resources: int
    guid: str


class Wim:
    """Finds WIM archives anywhere."""

    name = "wim"
    version = 1
    wakes_on = (Anchor(rb"MSWIM\x00\x00\x00\xd0\x00\x00\x00"),)

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        fields = HEADER.unpack(view.exact(0, HEADER.size))
        version, flags, guid, part, parts, images = fields[2], fields[3], fields[5], *fields[6:9]
        table, xml, boot, integrity = (resource(fields[at]) for at in (9, 10, 11, 13))
        if not table.size or table.flags & COMPRESSED or table.size % ENTRY or table.at < HEADER.size:
            raise Malformed(hit.offset + 48, "a table of resources")
        end = max(HEADER.size, *(one.end for one in (table, xml, boot, integrity) if one.size))
        method = next((name for bit, name in METHODS.items() if flags & bit), "stored")
        count = table.size // ENTRY
        said = list(self._table(hit, table, count))
        entries = [entry for entry, _ in said if entry is not None]
        end = max([end, *(one.end for one in entries)])
        present = view.within(0, end)
        guid_text = guid.hex()
        body = WimArchive(f"{version >> 16}.{version >> 8 & 0xFF}", method, images, part, parts, count, guid_text)
        yield hit.finding(0, present, body)
        for _, finding in said:
            if finding is not None:
                yield finding
        if present == end and (view.read(xml.at, 2) == b"\xff\xfe" or not xml.size):
            yield Extent(0, end, "wim", f"tables and {len(entries)} resources lie in the archive", "start")
        if xml.size and not xml.flags & COMPRESSED and view.within(xml.at, xml.size) == xml.size:
            yield Region(xml.at, xml.size, "wim-xml", Codec("wim-stored", None), name="[XML]")
        yield from _children(hit, entries)
        spans = [(one.at, one.end) for one in (*entries, table, xml, boot, integrity) if one.size]
        yield from _rooms(hit, spans, end)

    @staticmethod
    def _table(hit: Hit, table: Resource, count: int) -> Iterator[tuple[Resource | None, Said | None]]:
        """The entries, and what is to be said of them."""
        view, rows, checked = hit.view, Table[WimResource](), 0
        for number in range(min(count, ENTRIES_MOST)):
            at = table.at + number * ENTRY
            if number % 1024 == 0:
                block = view.exact(at, ENTRY * min(1024, count - number))
            view.step()
            entry = block[number % 1024 * ENTRY :][:ENTRY]
            one = resource(entry[:24])
            digest, references = entry[30:50], int.from_bytes(entry[26:30], "little")
            row = WimResource(one.at, one.size, one.decoded_size, one.flags, references, digest.hex())
            for part in rows.add(at, ENTRY, row):
                yield None, hit.finding(*part[:2], WimResources(*part[2:]))
            if one.flags & FREE or not one.size or (one.flags & SOLID and one.decoded_size != SOLID_MARK):
                continue  # nothing, or a place in what a solid resource decodes to
            yield one, None
            stored = not one.flags & (COMPRESSED | SPANNED | SOLID)
            if stored and one.size == one.decoded_size and checked + one.size <= CHECKED_MOST:
                checked += one.size
                data = view.read(one.at, one.size)
                if len(data) == one.size and hashlib.sha1(data, usedforsecurity=False).digest() != digest:
                    yield None, hit.finding(one.at, one.size, Anomaly("resource_sha1_wrong", f"stored {digest.hex()}"))
        for part in rows.rest():
            yield None, hit.finding(*part[:2], WimResources(*part[2:]))


def resource(data: bytes) -> Resource:
    """A resource's header: 7 bytes of size, flags, place, size decoded."""
    size, at, decoded = RESOURCE.unpack(data)
    return Resource(at, size & (1 << 56) - 1, size >> 56, decoded)


def _children(hit: Hit, entries: list[Resource]) -> Iterator[Said]:
    missed = Missed()
    for one in sorted(entries):
        size = hit.view.within(one.at, one.size)
        if not size:
            continue
        if one.flags & (COMPRESSED | SPANNED | SOLID):
            missed.add(one.at, size)
            continue
        yield from missed.rest()
        name = "[metadata]" if one.flags & METADATA else None
        yield Region(one.at, size, "wim-resource", Codec("wim-stored", None), name=name)
    yield from missed.rest()


def _rooms(hit: Hit, spans: list[tuple[int, int]], end: int) -> Iterator[Said]:
    at, told = HEADER.size, 0
    rooms = [(HEADER.size - 60, 60, "unused")]
    for start, stop in sorted(spans):
        if start > at and told < GAPS_MOST:
            rooms.append((at, start - at, "slack"))
            told += 1
        at = max(at, stop)
    for at, size, use in rooms:
        yield from room(hit, at, min(size, end - at), Room("wim", use))
