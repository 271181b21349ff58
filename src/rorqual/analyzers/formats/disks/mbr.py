"""Master boot records: boot code, four partition entries at 446, 55 AA; extended partitions chain further ones.

https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html, 5.2.1. Only the start of a source counts: 55 AA
is no magic number. A protective record belongs to a GPT; a boot sector of a file system is that file system's. BSD
labels and other tables inside partitions are not handled.
"""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.cavity import room
from rorqual.sdk import Anomaly, Codec, Extent, Finding, Hit, Kind, Malformed, Region, Said, View, frozen

SECTOR = 512
TABLE = 446
ENTRY = 16
CODE = 440  # bytes of boot code; behind it the disk's signature
PROTECTIVE, HIDDEN_NTFS = 0xEE, 0x17
EXTENDED = (0x05, 0x0F, 0x85)
MOST_LOGICAL = 128
SYSTEMS = (b"NTFS    ", b"EXFAT   ", b"-FVE-FS-", b"ReFS\0\0\0\0", b"HPFS    ")
TYPES = {
    0x01: "FAT12",
    0x04: "FAT16",
    0x06: "FAT16",
    0x07: "NTFS or exFAT",
    0x0B: "FAT32",
    0x0C: "FAT32",
    0x0E: "FAT16",
    0x05: "extended",
    0x0F: "extended",
    0x11: "hidden FAT12",
    0x14: "hidden FAT16",
    0x17: "hidden NTFS or ISO",
    0x27: "recovery",
    0x42: "dynamic disk",
    0x82: "Linux swap",
    0x83: "Linux",
    0x85: "extended",
    0x8E: "Linux LVM",
    0xA5: "FreeBSD",
    0xA6: "OpenBSD",
    0xA8: "Mac OS X",
    0xA9: "NetBSD",
    0xAF: "HFS",
    0xEF: "EFI system",
    0xFD: "RAID",
}


class MBRPartition(NamedTuple):
    """An entry; places and sizes in bytes."""

    type: int
    name: str | None
    at: int
    size: int
    active: bool
    logical: bool


@frozen
class MBRTable:
    """A partition table; the finding is its sector."""

    tag: ClassVar[str] = "mbr_table"
    disk: int  # the signature at 440
    bootable: bool  # whether there is boot code
    partitions: tuple[MBRPartition, ...]


class MBR:
    """Looks at the first sector of a source."""

    name = "mbr"
    version = 1
    wakes_on = (Kind("start"),)

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        sector = view.exact(0, SECTOR)
        if sector[510:] != b"\x55\xaa" or sector[3:11] in SYSTEMS or _fat(sector):
            raise Malformed(view.offset + 510, "a partition table")
        partitions = list(_entries(view, sector, 0))
        if not partitions or any(one.type == PROTECTIVE for one in partitions):
            raise Malformed(view.offset + TABLE, "partitions")
        spans = sorted((one.at, one.at + one.size) for one in partitions)
        overlap = any(end > start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))
        if overlap and spans[0][0]:  # those of hybrid images lie inside one that begins with the disk
            raise Malformed(view.offset + TABLE, "partitions that do not overlap")
        present = view.within(0, spans[-1][1])
        if present <= spans[0][0] or present < spans[-1][0]:
            raise Malformed(view.offset + TABLE, "partitions that begin in the source")
        logical = list(_logical(view, partitions))
        body = MBRTable(
            int.from_bytes(sector[440:444], "little"), bool(sector[:CODE].strip(b"\0")), (*partitions, *logical)
        )
        yield hit.finding(0, SECTOR, body)
        end = max(end for _, end in spans)
        if view.within(0, end) == end:
            yield Extent(0, end, "mbr", "partitions lie in the source and do not overlap")
            yield from _rooms(hit, spans)
        for number, one in enumerate([*partitions, *logical], 1):
            if one.type in EXTENDED:
                continue
            if one.at and (there := view.within(one.at, one.size)):
                name = f"partition {number}" + (f" ({one.name})" if one.name else "")
                yield Region(one.at, there, "partition", Codec("partition", None), name=name)
        active = sum(one.active for one in partitions)
        if active > 1:
            yield hit.finding(TABLE, 4 * ENTRY, Anomaly("several_active_partitions", f"{active} are marked"))


def _entries(view: View, sector: bytes, base: int) -> Iterator[MBRPartition]:
    """The entries in use; strict, for there is little else to tell the table by."""
    for number in range(4):
        entry = sector[TABLE + number * ENTRY : TABLE + (number + 1) * ENTRY]
        start, count = int.from_bytes(entry[8:12], "little"), int.from_bytes(entry[12:16], "little")
        if entry[0] not in (0, 0x80):
            raise Malformed(view.offset + TABLE + number * ENTRY, "a mark of 00 or 80")
        if not entry[4]:
            if any(entry) and (start or count):
                raise Malformed(view.offset + TABLE + number * ENTRY, "an empty entry")
            continue
        if not count or (not start and entry[4] not in (HIDDEN_NTFS, 0x83, 0xCD)):
            raise Malformed(view.offset + TABLE + number * ENTRY + 8, "a partition's place and size")
        yield MBRPartition(
            entry[4], TYPES.get(entry[4]), base + start * SECTOR, count * SECTOR, entry[0] == 0x80, logical=False
        )


def _logical(view: View, partitions: list[MBRPartition]) -> Iterator[MBRPartition]:
    """The partitions that extended ones chain."""
    for extended in partitions:
        if extended.type not in EXTENDED:
            continue
        at = extended.at
        seen: set[int] = set()
        while at not in seen and len(seen) < MOST_LOGICAL:
            seen.add(at)
            view.step()
            sector = view.read(at, SECTOR)
            if len(sector) < SECTOR or sector[510:] != b"\x55\xaa":
                break
            first, second = sector[TABLE : TABLE + ENTRY], sector[TABLE + ENTRY : TABLE + 2 * ENTRY]
            start, count = int.from_bytes(first[8:12], "little"), int.from_bytes(first[12:16], "little")
            if first[4] and count:
                place = at + start * SECTOR
                yield MBRPartition(first[4], TYPES.get(first[4]), place, count * SECTOR, first[0] == 0x80, logical=True)
            if second[4] not in EXTENDED:
                break
            at = extended.at + int.from_bytes(second[8:12], "little") * SECTOR


def _rooms(hit: Hit, spans: list[tuple[int, int]]) -> Iterator[Finding]:
    """Sectors between the table and the partitions."""
    at = SECTOR
    for start, end in spans:
        if start > at:
            yield from room(hit, at, start - at, "mbr", "unused")
        at = max(at, end)


def _fat(sector: bytes) -> bool:
    """Whether the sector is a FAT's: a jump, then a BIOS parameter block."""
    per_sector, cluster = int.from_bytes(sector[11:13], "little"), sector[13]
    jump = sector[0] in (0xE9, 0xEB)
    counts = sector[16] in (1, 2) and (sector[21] == 0xF0 or sector[21] >= 0xF8)
    return jump and per_sector in (512, 1024, 2048, 4096) and cluster.bit_count() == 1 and counts
