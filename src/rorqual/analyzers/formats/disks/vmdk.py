"""VMware sparse extents: "KDMV", a header of 512 bytes, a descriptor as text, a directory and tables of grains.

VMware, Virtual Disk Format 5.0. Stream-optimised extents end with a footer and an end marker; others with the last
grain. What grains hold is not handled, nor are descriptors without an extent, and flat extents.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

SECTOR = 512
AT_END = (1 << 64) - 1  # the directory's place is told in the footer
MOST_TABLES = 65_536
MOST_MARKERS = 1_000_000
DESCRIPTOR = 1024  # bytes told
END_OF_STREAM, FOOTER = 0, 3


@frozen
class VMDKExtent:
    """A sparse extent; the finding has its header."""

    tag: ClassVar[str] = "vmdk_extent"
    version: int
    size: int  # bytes of the disk
    grain: int  # bytes
    streamed: bool
    descriptor: str  # its beginning


class VMDK:
    """Finds sparse extents anywhere."""

    name = "vmdk"
    version = 1
    wakes_on = (Anchor(rb"KDMV[\x01-\x03]\x00\x00\x00[\x00-\xff]{3}\x00"),)

    def score(self, view: View, /) -> int:
        """The bytes that a transfer as text would spoil; the copy in a footer, behind a marker, is not looked at."""
        before = view.sub(-SECTOR).read(0, 16) if view.offset >= SECTOR else b""
        footer = before == struct.pack("<QII", 1, 0, FOOTER)
        return int(view.read(73, 4) == b"\n \r\n" and not footer)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, SECTOR)
        version, flags, capacity, grain, place, size, per, _, directory, overhead = struct.unpack_from(
            "<IIQQQQIQQQ", head, 4
        )
        if not 1 <= grain <= 1 << 16 or grain.bit_count() != 1 or not 0 < per <= 1 << 16 or capacity > 1 << 48:
            raise Malformed(view.offset + 12, "sizes of grains and tables")
        streamed = bool(flags & 0x20000)
        text = view.read(place * SECTOR, min(size * SECTOR, DESCRIPTOR)).split(b"\0")[0].decode("utf-8", "replace")
        yield hit.finding(0, SECTOR, VMDKExtent(version, capacity * SECTOR, grain * SECTOR, streamed, text))
        if directory == AT_END or streamed:
            end = _streamed(view, overhead * SECTOR)
        else:
            end = _sparse(view, directory, overhead, -(-capacity // (grain * per)), per=per, grain=grain)
        if end is not None and view.within(0, end) == end:
            yield Extent(0, end, "vmdk", "directory and tables lead to grains that are all there")
            if place and size:
                yield from room(hit, SECTOR, (place - 1) * SECTOR, "vmdk", "unused")


def _sparse(view: View, directory: int, overhead: int, tables: int, *, per: int, grain: int) -> int | None:
    """Where the last grain ends, or the tables."""
    tables = min(tables, MOST_TABLES)
    data = view.exact(directory * SECTOR, 4 * tables)
    end = overhead * SECTOR
    for place in struct.unpack(f"<{tables}I", data):
        view.step()
        if place:
            table = view.exact(place * SECTOR, 4 * per)
            last = max(struct.unpack(f"<{per}I", table))
            end = max(end, place * SECTOR + 4 * per, (last + grain) * SECTOR if last > 1 else 0)
    return end


def _streamed(view: View, at: int) -> int | None:
    """Goes from marker to marker to that of the end."""
    for _ in range(MOST_MARKERS):
        view.step()
        head = view.read(at, 16)
        if len(head) < 16:
            return None
        value, size, kind = struct.unpack("<QII", head)
        if size:
            at += -(-(12 + size) // SECTOR) * SECTOR
        elif kind == END_OF_STREAM:
            return at + SECTOR
        elif kind <= FOOTER:
            at += (1 + value) * SECTOR
        else:
            return None
    return None
