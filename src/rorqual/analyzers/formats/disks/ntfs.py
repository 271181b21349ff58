"""NTFS volumes: a boot sector, and the master file table of records, of which the first describes the table itself.

https://flatcap.github.io/linux-ntfs/ntfs/. Files and alternate streams become children. Not handled: compressed
streams, the journal, indexes (paths come from the records), security.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.disks import ntfs_records
from rorqual.analyzers.formats.disks.ntfs_records import DATA, DIRECTORY, FILE_NAME, USED, Attribute, attributes, fixed
from rorqual.analyzers.formats.disks.pieces import Run, joined, member
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Anomaly, Closed, Codec, Extent, Hit, Malformed, Refused, Region, Said, View, frozen

ROOT = 5  # record
SYSTEM = 16  # records of the file system's own, no children
MOST_RECORDS = 100_000
MOST_FILES = 20_000
DEEPEST = 64
LONGEST_PATH = 1024
READ = 64  # records read at once


class NTFSFile(NamedTuple):
    """A file, or an alternate stream of one ("name:stream")."""

    path: str
    record: int
    size: int
    resident: bool


@frozen
class NTFSVolume:
    """A volume; the finding spans what is there of it."""

    tag: ClassVar[str] = "ntfs_volume"
    serial: int
    sector: int  # bytes
    cluster: int
    sectors: int
    present: int  # bytes of the volume
    files: int
    streams: int  # alternate ones
    deleted: int  # records no longer in use
    label: str


@frozen
class NTFSFiles:
    """Files of a volume; the finding is the beginning of the file table."""

    tag: ClassVar[str] = "ntfs_files"
    first: int
    rows: tuple[NTFSFile, ...]


@dataclass
class _Volume:
    """Sizes in bytes; names by record: (parent, name)."""

    view: View
    cluster: int
    record: int
    table: list[Run] = field(default_factory=list)
    names: dict[int, tuple[int, str]] = field(default_factory=dict)
    data: dict[tuple[int, str], list[tuple[int, Attribute]]] = field(default_factory=dict)
    deleted: int = 0
    label: str = ""


class NTFS:
    """Finds volumes anywhere."""

    name = "ntfs"
    version = 1
    wakes_on = (Anchor(rb"\xeb[\x52\x5b]\x90NTFS    [\x00\x02]"),)

    def score(self, view: View, /) -> int:
        """Sizes of sectors and clusters that exist."""
        head = view.read(11, 3)
        sector = int.from_bytes(head[:2], "little")
        return int(len(head) == 3 and sector in (256, 512, 1024, 2048, 4096) and head[2] > 0)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, 512)
        sector = int.from_bytes(head[11:13], "little")
        per = head[13] if head[13] <= 0x80 else 1 << (256 - head[13])
        cluster = sector * per
        sectors, place = int.from_bytes(head[40:48], "little"), int.from_bytes(head[48:56], "little")
        each = int.from_bytes(head[64:65], "little", signed=True)
        record = each * cluster if each > 0 else 1 << -each
        if (
            not 0 < cluster <= 2 << 20
            or record not in (512, 1024, 2048, 4096)
            or not 0 < place * per < sectors < 1 << 48
        ):
            raise Malformed(view.offset + 13, "sizes of clusters and records")
        volume = _Volume(view, cluster, record)
        first = fixed(view.exact(place * cluster, record))
        own = next((one for one in attributes(first) if one.type == DATA), None) if first is not None else None
        if own is None or not own.runs or own.runs[0][0] != place:
            raise Malformed(view.offset + place * cluster, "a record of the file table itself")
        volume.table = joined(own.places(cluster), min(own.size, MOST_RECORDS * record))
        _gather(volume)
        files = streams = 0
        rows: Rows[NTFSFile] = Rows()
        for (number, stream), parts in volume.data.items():
            if number < SYSTEM or files + streams >= MOST_FILES:
                continue
            files += not stream
            streams += bool(stream)
            path = _path(volume, number) + (f":{stream}" if stream else "")
            whole = parts[0][1]
            row = NTFSFile(path, number, whole.size, whole.value is not None)
            for at, size, index, table in rows.add(place * cluster, record, (row,)):
                yield hit.finding(at, size, NTFSFiles(index, table))
            yield from _child(volume, path, parts)
        for at, size, index, table in rows.rest():
            yield hit.finding(at, size, NTFSFiles(index, table))
        size = sectors * sector
        copied = view.read(size, 512) == head  # the last sector, which is not counted, has a copy
        size += sector * copied
        present = view.within(0, size)
        serial = int.from_bytes(head[72:80], "little")
        body = NTFSVolume(serial, sector, cluster, sectors, present, files, streams, volume.deleted, volume.label)
        yield hit.finding(0, present, body)
        if present < size:
            return
        proof = "the file table's first record is its own, and all sectors are there"
        yield Extent(0, size, "ntfs", proof)
        if not copied:
            yield hit.finding(0, 512, Anomaly("backup_boot_sector_missing", f"none at {size}"))


def _records(volume: _Volume) -> Iterator[tuple[int, int, bytes]]:
    """(number, place, bytes) of the table's records."""
    number = 0
    for start, length in volume.table:
        if start is None:
            number += length // volume.record
            continue
        for at in range(0, length, READ * volume.record):
            data = volume.view.read(start + at, min(READ * volume.record, length - at))
            for inner in range(0, len(data) - volume.record + 1, volume.record):
                yield number, start + at + inner, data[inner : inner + volume.record]
                number += 1


def _gather(volume: _Volume) -> None:
    """Names and data of all records."""
    for number, place, raw in _records(volume):
        volume.view.step()
        if raw[:4] != b"FILE":
            continue
        flags = int.from_bytes(raw[22:24], "little")
        record = fixed(raw)
        if record is None:
            continue
        if not flags & USED:
            volume.deleted += any(one.type == FILE_NAME for one in attributes(record))
            continue
        base = int.from_bytes(record[32:38], "little") or number
        for one in attributes(record):
            if one.type == FILE_NAME and one.value is not None and len(one.value) > 66:
                parent, length = int.from_bytes(one.value[:6], "little"), one.value[64]
                if one.value[65] != ntfs_records.DOS or base not in volume.names:
                    name = one.value[66 : 66 + 2 * length].decode("utf-16-le", "replace")
                    volume.names[base] = parent, name
            elif one.type == DATA and (one.name or not flags & DIRECTORY) and len(volume.data) < 2 * MOST_FILES:
                volume.data.setdefault((base, one.name), []).append((place, one))
            elif one.type == 0x60 and number == 3 and one.value is not None:
                volume.label = one.value.decode("utf-16-le", "replace")


def _path(volume: _Volume, number: int) -> str:
    parts: list[str] = []
    for _ in range(DEEPEST):
        parent, name = volume.names.get(number, (ROOT, f"record {number}"))
        parts.append(name)
        if parent in (ROOT, number):
            break
        number = parent
    return "/".join(reversed(parts))[:LONGEST_PATH]


def _child(volume: _Volume, path: str, parts: list[tuple[int, Attribute]]) -> Iterator[Said]:
    """The child that a stream makes, from the parts that its records have of it."""
    place, first = parts[0]
    if first.value is not None:
        start, end = first.at, first.at + len(first.value)
        if not first.value:
            return
        borders = range(ntfs_records.SECTOR, volume.record + 1, ntfs_records.SECTOR)
        crosses = any(start < border and end > border - 2 for border in borders)
        codec = Codec("ntfs-resident", partial(_literal, data=first.value)) if crosses else Codec("ntfs", None)
        yield Region(place + start, None if crosses else end - start, "ntfs-file", codec, name=path)
        return
    runs = [run for _, one in sorted(parts, key=lambda part: part[1].first) for run in one.places(volume.cluster)]
    stored = [run for run in runs if run[0] is not None]
    if first.flags & ntfs_records.ENCRYPTED:
        for at, size in stored:
            yield Closed(at or 0, size, "encrypted file (EFS)")
    elif first.flags & ntfs_records.COMPRESSED:
        for at, size in stored:
            yield Refused(at or 0, size, "method", 0)
    else:
        child = member(volume.view, joined(runs, first.size), first.size, kind="ntfs-file", codec="ntfs", name=path)
        if child is not None:
            yield child


def _literal(view: View, *, data: bytes) -> Iterator[bytes]:
    """A small file whose bytes fixups cut: they were put back when the record was read."""
    view.read(0, len(data))
    yield data
