"""GUID partition tables: a protective MBR, a header ("EFI PART") with a CRC-32, entries with another, copies at
the end.

https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html, 5.3.
"""

import zlib
from collections.abc import Iterator
from typing import ClassVar, NamedTuple
from uuid import UUID

from rorqual.analyzers.cavity import room
from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Finding, Hit, Malformed, Region, Said, View, frozen

HEADER = 92
LARGEST_HEADER = 512
MOST_ENTRIES = 1024
LARGEST_ENTRY = 4096
SECTORS = (512, 4096)
TYPES = {
    "c12a7328-f81f-11d2-ba4b-00a0c93ec93b": "EFI system",
    "21686148-6449-6e6f-744e-656564454649": "BIOS boot",
    "e3c9e316-0b5c-4db8-817d-f92df00215ae": "Microsoft reserved",
    "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7": "basic data",
    "de94bba4-06d1-4d40-a16a-bfd50179d6ac": "Windows recovery",
    "0fc63daf-8483-4772-8e79-3d69d8477de4": "Linux",
    "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f": "Linux swap",
    "e6d6d379-f507-44c2-a23c-238f2a3df928": "Linux LVM",
    "48465300-0000-11aa-aa11-00306543ecac": "HFS+",
    "7c3457ef-0000-11aa-aa11-00306543ecac": "APFS",
}


class GPTPartition(NamedTuple):
    """An entry; places and sizes in bytes."""

    name: str
    type: str  # a name, or the GUID
    id: str
    at: int
    size: int


@frozen
class GPTTable:
    """A partition table; the finding is the header and its entries."""

    tag: ClassVar[str] = "gpt_table"
    disk: str
    sector: int  # bytes
    first_usable: int  # sectors
    last_usable: int
    partitions: tuple[GPTPartition, ...]
    backup: bool  # whether the copy at the end is there and sound


class GPT:
    """Finds primary headers anywhere, in the second sector of a disk."""

    name = "gpt"
    version = 1
    wakes_on = tuple(Anchor(rb"EFI PART\x00\x00\x01\x00[\x5c-\xff]", back=sector) for sector in SECTORS)

    def score(self, view: View, /) -> int:
        """A header in sector 1."""
        return int(any(view.read(sector + 24, 8) == b"\1" + bytes(7) for sector in SECTORS))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        sector = next((one for one in SECTORS if view.read(one, 8) == b"EFI PART"), 0)
        head = view.exact(sector, HEADER)
        if not _sound(view, sector) or int.from_bytes(head[24:32], "little") != 1:
            raise Malformed(view.offset + sector + 16, "a header whose CRC-32 holds, in sector 1")
        backup, first, last = (int.from_bytes(head[at : at + 8], "little") for at in (32, 40, 48))
        place, count, size, stored = (
            int.from_bytes(head[at : at + length], "little") for at, length in ((72, 8), (80, 4), (84, 4), (88, 4))
        )
        if not 128 <= size <= LARGEST_ENTRY or not 0 < count <= MOST_ENTRIES or place * sector > 1 << 40:
            raise Malformed(view.offset + sector + 80, "entries")
        table = view.exact(place * sector, count * size)
        if zlib.crc32(table) != stored:
            raise Malformed(view.offset + place * sector, "entries whose CRC-32 holds")
        partitions = tuple(_entries(table, size, sector))
        copied = _sound(view, backup * sector)
        body = GPTTable(str(UUID(bytes_le=head[56:72])), sector, first, last, partitions, copied)
        yield hit.finding(sector, place * sector + len(table) - sector, body)
        end = (backup + 1) * sector
        if copied and view.within(0, end) == end:
            yield Extent(0, end, "gpt", "CRC-32 of header, entries and the header's copy hold")
            yield from _rooms(hit, partitions, (place * sector + len(table), (last + 1) * sector))
        elif view.within(0, end) == end:
            yield Extent(0, end, "gpt", "CRC-32 of header and entries hold, and all sectors are there")
            yield hit.finding(
                sector + 32, 8, Anomaly("backup_header_missing", f"none that is sound at sector {backup}")
            )
        for one in partitions:
            there = view.within(one.at, one.size)
            if there:
                name = one.name or f"partition ({one.type})"
                yield Region(one.at, there, "partition", Codec("partition", None), name=name)


def _sound(view: View, at: int) -> bool:
    """Whether a header whose CRC-32 holds stands at `at`."""
    head = view.read(at, LARGEST_HEADER)
    size = int.from_bytes(head[12:16], "little")
    if head[:8] != b"EFI PART" or not HEADER <= size <= len(head):
        return False
    return zlib.crc32(head[:16] + bytes(4) + head[20:size]) == int.from_bytes(head[16:20], "little")


def _entries(table: bytes, size: int, sector: int) -> Iterator[GPTPartition]:
    for at in range(0, len(table), size):
        entry = table[at : at + size]
        if not any(entry[:16]):
            continue
        first, last = int.from_bytes(entry[32:40], "little"), int.from_bytes(entry[40:48], "little")
        if first <= last < 1 << 50:
            kind = str(UUID(bytes_le=entry[:16]))
            name = entry[56:128].decode("utf-16-le", "replace").split("\0")[0]
            own = str(UUID(bytes_le=entry[16:32]))
            yield GPTPartition(name, TYPES.get(kind, kind), own, first * sector, (last - first + 1) * sector)


def _rooms(hit: Hit, partitions: tuple[GPTPartition, ...], usable: tuple[int, int]) -> Iterator[Finding]:
    """Sectors of no partition."""
    at, end = usable
    for start, size in sorted((one.at, one.size) for one in partitions):
        if start > at:
            yield from room(hit, at, start - at, "gpt", "unused")
        at = max(at, start + size)
    if end > at:
        yield from room(hit, at, end - at, "gpt", "unused")
