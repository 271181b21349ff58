"""The way through the directories of an ISO 9660 volume: which files there are, and which bytes are in use."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.disks import iso_records
from rorqual.analyzers.formats.disks.iso_records import FIRST_DESCRIPTOR, SECTOR, Record
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anomaly, Codec, Finding, Hit, Region, Said, View, frozen

MAGIC = FIRST_DESCRIPTOR * SECTOR
LARGEST_DIRECTORY = 1 << 20  # bytes read of one
MOST_DIRECTORIES = 4096
MOST_FILES = 20_000
DEEPEST = 64  # directories
LONGEST_PATH = 1024  # characters


class ISOFile(NamedTuple):
    """A file of a volume."""

    path: str
    at: int  # in the volume
    size: int
    modified: str | None
    link: str | None  # the target of a symbolic link


@frozen
class ISOFiles:
    """Files of a volume; the finding spans what they occupy and what lies between."""

    tag: ClassVar[str] = "iso_files"
    first: int
    rows: tuple[ISOFile, ...]


@dataclass
class Walk:
    """What is known on the way through a volume. `used` is (start, end, whether slack may follow), in bytes."""

    view: View
    block_size: int
    used: list[tuple[int, int, bool]] = field(default_factory=list)
    told: set[tuple[int, int]] = field(default_factory=set)  # (place, size) of files that are children
    directories: set[int] = field(default_factory=set)  # blocks
    files: int = 0
    rock_ridge: bool = False
    skip: int = 0  # bytes of each system use field that are not Rock Ridge's
    contradiction: str | None = None
    rows: Rows[ISOFile] = field(default_factory=Rows)


def tree(hit: Hit, walk: Walk, root: Record, *, wide: bool) -> Iterator[Said]:
    """Files of a tree that are not told yet, directory by directory."""
    view, size = walk.view, walk.block_size
    seen = {root.block}
    waiting = [("", root, 0)]
    while waiting and len(walk.directories) < MOST_DIRECTORIES:
        path, directory, depth = waiting.pop()
        walk.directories.add(directory.block)
        start = directory.block * size
        data = view.read(start, min(directory.size, LARGEST_DIRECTORY))
        walk.used.append((start, start + len(data), False))
        joined: tuple[Record, int] | None = None
        for _, entry in iso_records.records(data):
            view.step()
            if entry.name in (b"\0", b"\1"):
                continue
            if entry.contradicts and walk.contradiction is None:
                walk.contradiction = f"record of {entry.name[:64]!r}: its two byte orders differ"
            rocky = iso_records.rock(view, entry.use, size, walk.skip) if not wide else iso_records.Rock()
            walk.rock_ridge = walk.rock_ridge or rocky.there
            walk.used += [(place, place + length, False) for place, length in rocky.areas]
            name = rocky.name or iso_records.plain_name(entry.name, wide)
            whole = f"{path}/{name}".lstrip("/")[:LONGEST_PATH]
            if "/" in name or name == "..":
                proof = f"{whole!r} leads out of its directory"
                yield hit.finding(start, len(data), Anomaly("path_traversal_name", proof))
            if entry.is_directory:
                if entry.block not in seen and depth < DEEPEST and entry.size:
                    seen.add(entry.block)
                    waiting.append((whole, entry, depth + 1))
                continue
            first, length = joined or (entry, 0)
            contiguous = first.block * size + length == entry.block * size or not joined
            if entry.flags & iso_records.MULTI and contiguous:
                joined = first, length + entry.size
                continue
            joined = None
            if not contiguous:
                first, length = entry, 0
            yield from _file(
                hit, walk, ISOFile(whole, first.block * size, length + entry.size, first.modified, rocky.link)
            )


def _file(hit: Hit, walk: Walk, row: ISOFile) -> Iterator[Said]:
    if (row.size and (row.at, row.size) in walk.told) or walk.files >= MOST_FILES:
        return
    walk.files += 1
    for table in walk.rows.add(row.at if row.size else MAGIC, row.size, (row,)):
        yield rows(hit, *table)
    if row.size:
        walk.told.add((row.at, row.size))
        walk.used.append((row.at, row.at + row.size, True))
        if walk.view.holds(row.at):
            yield Region(row.at, row.size, "iso-file", Codec("iso", None), name=row.path)


def skipped(view: View, root: Record, block_size: int) -> int:
    """The length that the root's SP field gives (SUSP 5.3)."""
    own = next(iso_records.records(view.read(root.block * block_size, SECTOR)))[1]
    return own.use[6] if own.use[:2] == b"SP" and len(own.use) >= 7 else 0


def rocky(walk: Walk, root: Record) -> bool:
    """Whether the root's own records carry Rock Ridge fields."""
    view, size = walk.view, walk.block_size
    first = iso_records.records(view.read(root.block * size, SECTOR))
    return any(iso_records.rock(view, entry.use, size, walk.skip).there for _, entry in first)


def path_tables(walk: Walk, descriptor: bytes) -> None:
    """The path tables of a descriptor occupy bytes too."""
    size = min(int.from_bytes(descriptor[132:136], "little"), LARGEST_DIRECTORY)
    for at, order in ((140, "little"), (144, "little"), (148, "big"), (152, "big")):
        block = int.from_bytes(descriptor[at : at + 4], "little" if order == "little" else "big")
        start = block * walk.block_size
        if block and walk.view.within(start, size) == size:
            walk.used.append((start, start + size, False))


def rows(hit: Hit, at: int, size: int, first: int, rows: tuple[ISOFile, ...]) -> Finding:
    return hit.finding(at, size, ISOFiles(first, rows))
