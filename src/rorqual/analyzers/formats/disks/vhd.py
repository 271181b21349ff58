"""Virtual PC disk images: a footer of 512 bytes that begins with "conectix"; of dynamic disks a copy of it in front.

Microsoft, Virtual Hard Disk Image Format Specification, 1.0. Fixed disks are the bytes before the footer and become a
child; of dynamic ones the allocation table leads to the end. What their blocks hold is not handled.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

from rorqual.analyzers.cavity import room
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

FOOTER = 512
DYNAMIC_HEADER = 1024
SECTOR = 512
UNUSED = 0xFFFFFFFF  # a block that is not there
FIXED, DYNAMIC, DIFFERENCING = 2, 3, 4
TYPES = {FIXED: "fixed", DYNAMIC: "dynamic", DIFFERENCING: "differencing"}
MOST_BLOCKS = 1 << 20


@frozen
class VHDDisk:
    """A disk; the finding has its footer, or the copy in front."""

    tag: ClassVar[str] = "vhd_disk"
    type: str
    size: int  # bytes of the disk
    created: int  # seconds since 2000, UTC
    creator: str
    system: str  # that it was made on
    id: str
    blocks: int | None  # that are there, of dynamic disks
    parent: str | None  # the disk that this one differs from


class VHD:
    """Finds footers anywhere."""

    name = "vhd"
    version = 1
    wakes_on = (Anchor(rb"conectix\x00\x00\x00[\x00-\x03]\x00\x01\x00\x00"),)

    def score(self, view: View, /) -> int:
        """A type of disk that exists."""
        return int(int.from_bytes(view.read(60, 4), "big") in TYPES)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, FOOTER)
        if not _holds(head, 64):
            raise Malformed(view.offset + 64, "the footer's checksum")
        kind, size, place = (
            int.from_bytes(head[at : at + length], "big") for at, length in ((60, 4), (48, 8), (16, 8))
        )
        if kind == FIXED:
            yield hit.finding(0, FOOTER, _facts(head, None, None))
            if size <= view.offset and size:
                yield Extent(
                    -size, size + FOOTER, "vhd", "the footer's checksum holds, and the disk is before it", "end"
                )
                yield Region(-size, size, "disk", Codec("vhd-fixed", None), name="disk")
            return
        header = view.read(place, DYNAMIC_HEADER) if place < 1 << 40 else b""
        if header[:8] != b"cxsparse" or not _holds(header, 36):
            return  # the footer at the end: the copy in front leads to everything
        table, count, block = struct.unpack_from(">Q4xII", header, 16)
        end, used = _end(view, table, count, block)
        parent = header[64:576].decode("utf-16-be", "replace").split("\0")[0] or None
        yield hit.finding(0, FOOTER, _facts(head, used, parent))
        if view.read(end, FOOTER) == head:
            yield Extent(0, end + FOOTER, "vhd", "checksums hold, and behind the last block is the footer")
            behind = place + DYNAMIC_HEADER
            yield from room(hit, behind, table - behind, "vhd", "unused")


def _end(view: View, table: int, count: int, block: int) -> tuple[int, int]:
    """Where the last block or table ends, and how many blocks are there."""
    count = min(count, MOST_BLOCKS)
    numbers = struct.unpack(f">{count}I", view.exact(table, 4 * count))
    view.step(count // 64)
    there = [number for number in numbers if number != UNUSED]
    bitmap = -(-block // (SECTOR * 8 * SECTOR)) * SECTOR
    end = -(-(table + 4 * count) // SECTOR) * SECTOR
    if there:
        end = max(end, max(there) * SECTOR + bitmap + block)
    return end, len(there)


def _holds(data: bytes, at: int) -> bool:
    """Whether the complement of the sum of all bytes but the sum's own is stored."""
    return ~(sum(data) - sum(data[at : at + 4])) & 0xFFFFFFFF == int.from_bytes(data[at : at + 4], "big")


def _facts(head: bytes, blocks: int | None, parent: str | None) -> VHDDisk:
    return VHDDisk(
        type=TYPES[int.from_bytes(head[60:64], "big")],
        size=int.from_bytes(head[48:56], "big"),
        created=int.from_bytes(head[24:28], "big"),
        creator=head[28:32].decode("latin-1").strip("\0 "),
        system=head[36:40].decode("latin-1").strip("\0 "),
        id=str(UUID(bytes=head[68:84])),
        blocks=blocks,
        parent=parent,
    )
