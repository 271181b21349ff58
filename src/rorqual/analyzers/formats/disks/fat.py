"""FAT12, FAT16 and FAT32 volumes: a boot sector with the parameters, allocation tables, directories, clusters.

Microsoft, FAT: General Overview of On-Disk Format, 1.03. Files become children by their chains of clusters; deleted
ones are counted and named. Compressed volumes and the boot code are not handled.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from rorqual.analyzers.cavity import anything, room
from rorqual.analyzers.formats.disks.fat_volume import DIRECTORY, LABEL, Entry, Volume, entries, volume
from rorqual.analyzers.formats.disks.pieces import joined, member
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Anomaly, Extent, Finding, Hit, Kind, Malformed, Said, View, frozen

MOST_FILES = 20_000
MOST_DIRECTORIES = 4096
MOST_ROOMS = 1000  # rooms looked for, of each sort
DEEPEST = 64
LONGEST_PATH = 1024
SCANNED = 65_536  # clusters looked at for what no file uses


class FATFile(NamedTuple):
    """A file of a volume."""

    path: str
    at: int  # of its first cluster; 0: it has none
    size: int
    modified: str | None
    deleted: bool


@frozen
class FATVolume:
    """A volume; the finding spans what is there of it."""

    tag: ClassVar[str] = "fat_volume"
    width: int  # bits: 12, 16 or 32
    system: str  # who formatted it
    label: str | None
    serial: int | None
    cluster: int  # bytes
    clusters: int
    present: int  # bytes of the volume
    files: int
    directories: int
    deleted: int


@frozen
class FATFiles:
    """Files of a volume."""

    tag: ClassVar[str] = "fat_files"
    first: int
    rows: tuple[FATFile, ...]


@dataclass
class _Walk:
    """What is known on the way."""

    volume: Volume
    files: int = 0
    deleted: int = 0
    label: str | None = None
    directories: int = 0
    rows: Rows[FATFile] = field(default_factory=Rows)
    slack: list[tuple[int, int]] = field(default_factory=list)


class FAT:
    """Finds volumes by the name of their type, or by their parameters at a source's start."""

    name = "fat"
    version = 1
    wakes_on = (Anchor(rb"FAT1[26] {3}", back=54), Anchor(rb"FAT32 {3}", back=82), Kind("start"))

    def score(self, view: View, /) -> int:
        """A jump, sizes that are powers of two, and a medium."""
        head = view.read(0, 22)
        sizes = len(head) == 22 and int.from_bytes(head[11:13], "little").bit_count() == 1 and head[13].bit_count() == 1
        return int(sizes and head[0] in (0xEB, 0xE9) and head[16] in (1, 2) and head[21] >= 0xF0)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        if isinstance(hit.trigger, Kind):
            head = view.exact(0, 90)
            if head[54:58] == b"FAT1" or head[82:86] == b"FAT3" or not self.score(view):
                raise Malformed(view.offset + 54, "a volume that no anchor finds")
        found = volume(view)
        present = view.within(0, found.size)
        walk = _Walk(found)
        if present > found.data:
            yield from _tree(hit, walk)
        yield hit.finding(0, present, _facts(view, walk, present))
        if present < found.size:
            return
        yield Extent(0, found.size, "fat", "parameters and allocation table agree, and all sectors are there")
        copies = {view.read(found.table + number * found.table_size, 512) for number in range(found.tables)}
        if len(copies) > 1:
            proof = "their first sectors are not the same"
            yield hit.finding(found.table, found.table_size * 2, Anomaly("allocation_tables_differ", proof))
        yield from _rooms(hit, walk)


def _tree(hit: Hit, walk: _Walk) -> Iterator[Said]:
    """Every file as a child, directory by directory."""
    found = walk.volume
    waiting = [("", 0, 0)]
    seen = {0}
    while waiting and len(seen) < MOST_DIRECTORIES:
        path, cluster, depth = waiting.pop()
        walk.directories += 1
        for entry in entries(found.directory(cluster)):
            found.view.step()
            if entry.name in (".", ".."):
                continue
            if entry.attributes & LABEL:
                walk.label = walk.label or entry.name.replace(".", "").strip()
                continue
            whole = f"{path}/{entry.name}".lstrip("/")[:LONGEST_PATH]
            if entry.attributes & DIRECTORY:
                if not entry.deleted and entry.cluster not in seen and depth < DEEPEST:
                    seen.add(entry.cluster)
                    waiting.append((whole, entry.cluster, depth + 1))
                continue
            if walk.files < MOST_FILES:
                yield from _file(hit, walk, entry, whole)
    for at, size, first, rows in walk.rows.rest():
        yield hit.finding(at, size, FATFiles(first, rows))


def _file(hit: Hit, walk: _Walk, entry: Entry, path: str) -> Iterator[Said]:
    found = walk.volume
    walk.files += not entry.deleted
    walk.deleted += entry.deleted
    runs = [] if entry.deleted else found.runs(entry.cluster, entry.size)
    at = found.place(entry.cluster) if 2 <= entry.cluster < found.clusters + 2 else 0
    row = FATFile(path, at, entry.size, entry.modified, entry.deleted)
    for place, size, first, rows in walk.rows.add(at or found.table, 1, (row,)):
        yield hit.finding(place, size, FATFiles(first, rows))
    if not runs or entry.deleted:
        return
    last, length = runs[-1]
    tail = len(runs) * found.cluster - entry.size
    if last is not None and 0 < tail < length and len(walk.slack) < MOST_ROOMS:
        walk.slack.append((last + length - tail, tail))
    size = min(entry.size, len(runs) * found.cluster)
    child = member(hit.view, joined(runs, size), size, kind="fat-file", codec="fat", name=path)
    if child is not None:
        yield child


def _rooms(hit: Hit, walk: _Walk) -> Iterator[Finding]:
    """Slack behind files, clusters that are free and not empty, reserved sectors."""
    found, view = walk.volume, hit.view
    for at, size in walk.slack:
        yield from room(hit, at, size, "fat", "slack")
    known = 8 * found.sector if found.width == 32 else found.sector  # boot sectors, their copy between
    if found.width == 32:
        yield from room(hit, found.sector * 2, found.sector * 4, "fat", "unused")
    yield from room(hit, known, found.table - known, "fat", "unused")
    first, told = 0, 0
    for cluster in range(2, min(found.clusters, SCANNED) + 3):
        view.step()
        free = cluster < found.clusters + 2 and not found.next(cluster)
        if free and not first:
            first = cluster
        elif not free and first:
            at = found.place(first)
            if anything(view, at, (cluster - first) * found.cluster):
                yield from room(hit, at, (cluster - first) * found.cluster, "fat", "unused")
                told += 1
            first = 0
            if told >= MOST_ROOMS:
                return
    end = found.place(found.clusters + 2)
    yield from room(hit, end, found.size - end, "fat", "slack")


def _facts(view: View, walk: _Walk, present: int) -> FATVolume:
    found, head = walk.volume, view.read(0, 90)
    at = 66 if found.width == 32 else 38
    marked = head[at] == 0x29
    label = head[at + 5 : at + 16].decode("latin-1").strip() if marked else None
    return FATVolume(
        width=found.width,
        system=head[3:11].decode("latin-1").strip(),
        label=walk.label or label,
        serial=int.from_bytes(head[at + 1 : at + 5], "little") if marked else None,
        cluster=found.cluster,
        clusters=found.clusters,
        present=present,
        files=walk.files,
        directories=walk.directories,
        deleted=walk.deleted,
    )
