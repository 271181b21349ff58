"""exFAT volumes: a boot sector, a checksum of the boot region, an allocation table, a heap of clusters.

https://learn.microsoft.com/windows/win32/fileio/exfat-specification. Files become children by their clusters.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.disks.fat_volume import date
from rorqual.analyzers.formats.disks.pieces import MOST, Run, joined, member
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

BOOT_SECTORS = 11  # that the checksum in the twelfth is of
ENTRY = 32
FILE, STREAM, NAME, LABEL, BITMAP, IN_USE = 0x85, 0xC0, 0xC1, 0x83, 0x81, 0x80
DIRECTORY = 0x10
NO_CHAIN = 0x02  # flag of a stream: its clusters are in a row
MOST_FILES = 20_000
MOST_DIRECTORIES = 4096
LARGEST_DIRECTORY = 4 << 20
DEEPEST = 64
LONGEST_PATH = 1024


class ExFATFile(NamedTuple):
    """A file of a volume."""

    path: str
    at: int
    size: int
    modified: str | None


@frozen
class ExFATVolume:
    """A volume; the finding spans what is there of it."""

    tag: ClassVar[str] = "exfat_volume"
    label: str | None
    serial: int
    sector: int  # bytes
    cluster: int
    clusters: int
    present: int  # bytes of the volume
    files: int
    deleted: int  # entries


@frozen
class ExFATFiles:
    """Files of a volume."""

    tag: ClassVar[str] = "exfat_files"
    first: int
    rows: tuple[ExFATFile, ...]


@dataclass
class _Volume:
    """Places and sizes in bytes."""

    view: View
    table: int
    heap: int
    cluster: int
    clusters: int
    label: str | None = None
    files: int = 0
    deleted: int = 0
    rows: Rows[ExFATFile] = field(default_factory=Rows)

    def runs(self, cluster: int, size: int, *, chained: bool) -> list[Run]:
        """The clusters of a stream of `size` bytes."""
        if not 2 <= cluster < self.clusters + 2:
            return []
        place = self.heap + (cluster - 2) * self.cluster
        if not chained:
            return [(place, min(size, (self.clusters + 2 - cluster) * self.cluster))]
        found: list[Run] = []
        seen: set[int] = set()
        while 2 <= cluster < self.clusters + 2 and cluster not in seen and size > 0 and len(seen) < MOST:
            self.view.step()
            seen.add(cluster)
            found.append((self.heap + (cluster - 2) * self.cluster, min(size, self.cluster)))
            size -= self.cluster
            cluster = int.from_bytes(self.view.read(self.table + 4 * cluster, 4), "little")
        return found


class ExFAT:
    """Finds volumes anywhere."""

    name = "exfat"
    version = 1
    wakes_on = (Anchor(rb"\xeb\x76\x90EXFAT   \x00{16}"),)

    def score(self, view: View, /) -> int:
        """Sizes of sectors and clusters that exist."""
        shifts = view.read(108, 2)
        return int(len(shifts) == 2 and 9 <= shifts[0] <= 12 and shifts[1] <= 25 - shifts[0])

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, 512)
        sector = 1 << head[108]
        sectors = int.from_bytes(head[72:80], "little")
        table, _, heap, clusters, root, serial = (
            int.from_bytes(head[at : at + 4], "little") for at in range(80, 104, 4)
        )
        region = view.exact(0, (BOOT_SECTORS + 1) * sector)
        if _checksum(region[: BOOT_SECTORS * sector]) != int.from_bytes(region[BOOT_SECTORS * sector :][:4], "little"):
            raise Malformed(view.offset + BOOT_SECTORS * sector, "the checksum of the boot region")
        volume = _Volume(view, table * sector, heap * sector, sector << head[109], clusters)
        if view.read(volume.table + 4, 4) != b"\xff\xff\xff\xff" or not volume.runs(root, 1, chained=True):
            raise Malformed(view.offset + volume.table, "an allocation table")
        yield from _tree(hit, volume, root)
        size = sectors * sector
        present = view.within(0, size)
        body = ExFATVolume(
            volume.label, serial, sector, volume.cluster, clusters, present, volume.files, volume.deleted
        )
        yield hit.finding(0, present, body)
        if present == size:
            proof = "the boot region's checksum holds, the root directory is there, and all sectors are"
            yield Extent(0, size, "exfat", proof)
            behind = 2 * (BOOT_SECTORS + 1) * sector
            yield from room(hit, behind, volume.table - behind, "exfat", "unused")


def _checksum(data: bytes) -> int:
    """Of the boot region, without the flags and the share in use, which change (3.4)."""
    value = 0
    for at, byte in enumerate(data):
        if at not in (106, 107, 112):
            value = ((value >> 1 | value << 31) + byte) & 0xFFFFFFFF
    return value


def _tree(hit: Hit, volume: _Volume, root: int) -> Iterator[Said]:
    """Every file as a child, directory by directory."""
    view = volume.view
    waiting: list[tuple[str, list[Run], int]] = [("", volume.runs(root, LARGEST_DIRECTORY, chained=True), 0)]
    seen: set[int] = {root}
    while waiting and len(seen) < MOST_DIRECTORIES:
        path, runs, depth = waiting.pop()
        data = b"".join(view.read(at or 0, min(size, LARGEST_DIRECTORY)) for at, size in runs)
        at = 0
        while at + ENTRY <= len(data) and data[at]:
            view.step()
            kind, count = data[at], data[at + 1]
            if kind == LABEL:
                volume.label = data[at + 2 : at + 2 + 2 * min(count, 11)].decode("utf-16-le", "replace")
            elif kind == FILE & ~IN_USE:
                volume.deleted += 1
            elif kind == FILE and at + (count + 1) * ENTRY <= len(data) and data[at + ENTRY] == STREAM:
                stream = data[at + ENTRY : at + 2 * ENTRY]
                parts = (data[at + more * ENTRY : at + (more + 1) * ENTRY] for more in range(2, count + 1))
                wide = b"".join(part[2:] for part in parts if part[0] == NAME)
                whole = f"{path}/{wide[: 2 * stream[3]].decode('utf-16-le', 'replace')}".lstrip("/")[:LONGEST_PATH]
                cluster, size = int.from_bytes(stream[20:24], "little"), int.from_bytes(stream[24:32], "little")
                found = volume.runs(cluster, size, chained=not stream[1] & NO_CHAIN)
                if data[at + 4] & DIRECTORY:
                    if cluster not in seen and depth < DEEPEST:
                        seen.add(cluster)
                        waiting.append((whole, found, depth + 1))
                elif volume.files < MOST_FILES:
                    stamp = (
                        int.from_bytes(data[at + 12 : at + 14], "little"),
                        int.from_bytes(data[at + 14 : at + 16], "little"),
                    )
                    row = ExFATFile(whole, found[0][0] or 0 if found else 0, size, date(stamp[1], stamp[0]))
                    yield from _file(hit, volume, row, found)
            at += ENTRY * (1 + (count if kind == FILE else 0))
    for at, size, first, rows in volume.rows.rest():
        yield hit.finding(at, size, ExFATFiles(first, rows))


def _file(hit: Hit, volume: _Volume, row: ExFATFile, runs: list[Run]) -> Iterator[Said]:
    volume.files += 1
    for at, size, first, rows in volume.rows.add(row.at or volume.table, 1, (row,)):
        yield hit.finding(at, size, ExFATFiles(first, rows))
    there = min(row.size, sum(size for _, size in runs))
    child = (
        member(hit.view, joined(runs, there), there, kind="exfat-file", codec="exfat", name=row.path) if there else None
    )
    if child is not None:
        yield child
