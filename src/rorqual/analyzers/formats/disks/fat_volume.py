"""What a FAT volume is made of: its parameters, the allocation table, directories.

Microsoft, FAT: General Overview of On-Disk Format, 1.03.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rorqual.analyzers.formats.disks.pieces import MOST, Run
from rorqual.sdk import Malformed, View, frozen

ENTRY = 32
DELETED, END = 0xE5, 0
READ_ONLY, LABEL, DIRECTORY, LONG = 0x01, 0x08, 0x10, 0x0F
LARGEST_DIRECTORY = 1 << 20  # bytes read of one
TABLE_READ = 4096  # bytes of the allocation table read at once
LONGEST_NAME = 255


@dataclass
class Volume:
    """The parameters, in bytes and clusters; and pieces of the allocation table that were read."""

    view: View
    width: int  # bits of an entry of the table: 12, 16 or 32
    sector: int
    cluster: int
    table: int  # where the first allocation table begins
    table_size: int
    tables: int
    root: int  # where the root directory begins; its cluster with 32 bits
    root_size: int  # 0 with 32 bits
    data: int  # where cluster 2 begins
    clusters: int
    size: int  # of the volume
    kept: dict[int, bytes] = field(default_factory=dict)

    def place(self, cluster: int) -> int:
        """Where a cluster begins."""
        return self.data + (cluster - 2) * self.cluster

    def next(self, cluster: int) -> int:
        """What the table says of a cluster."""
        at = cluster * self.width // 8
        data = self._table(at, 4)
        if self.width == 12:
            value = int.from_bytes(data[:2], "little")
            return value >> 4 if cluster & 1 else value & 0xFFF
        if self.width == 16:
            return int.from_bytes(data[:2], "little")
        return int.from_bytes(data[:4], "little") & 0x0FFFFFFF

    def _table(self, at: int, size: int) -> bytes:
        block = at // TABLE_READ
        if block not in self.kept:
            if len(self.kept) > 256:
                self.kept.clear()
            self.kept[block] = self.view.read(self.table + block * TABLE_READ, TABLE_READ + 4)
        place = at - block * TABLE_READ
        return self.kept[block][place : place + size]

    def runs(self, cluster: int, most: int) -> list[Run]:
        """The chain from a cluster on, at most `most` bytes of it."""
        found: list[Run] = []
        seen: set[int] = set()
        total = 0
        while 2 <= cluster < self.clusters + 2 and cluster not in seen and total < most and len(seen) < MOST:
            self.view.step()
            seen.add(cluster)
            found.append((self.place(cluster), self.cluster))
            total += self.cluster
            cluster = self.next(cluster)
        return found

    def directory(self, cluster: int) -> bytes:
        """A directory's entries; cluster 0 is the root."""
        if not cluster and self.width != 32:
            return self.view.read(self.root, self.root_size)
        runs = self.runs(cluster or self.root, LARGEST_DIRECTORY)
        return b"".join(self.view.read(at or 0, size) for at, size in runs)


@frozen
class Entry:
    """A file or directory."""

    name: str
    attributes: int
    cluster: int
    size: int
    modified: str | None
    deleted: bool


def volume(view: View) -> Volume:
    """The parameters at the view's start, checked against each other (section 3)."""
    head = view.exact(0, 90)

    def number(at: int, size: int) -> int:
        return int.from_bytes(head[at : at + size], "little")

    sector, per, reserved, tables, roots = number(11, 2), head[13], number(14, 2), head[16], number(17, 2)
    total, table = number(19, 2) or number(32, 4), number(22, 2) or number(36, 4)
    if sector not in (128, 256, 512, 1024, 2048, 4096) or per.bit_count() != 1 or not reserved or tables not in (1, 2):
        raise Malformed(view.offset + 11, "sizes of sectors and clusters")
    if head[21] != 0xF0 and head[21] < 0xF8:
        raise Malformed(view.offset + 21, "a medium's mark")
    root = (roots * ENTRY + sector - 1) // sector
    first = reserved + tables * table + root
    clusters = (total - first) // per
    width = 12 if clusters < 4085 else 16 if clusters < 65_525 else 32
    if not number(22, 2) and not roots:
        width = 32  # as the kernel tells it, however few clusters there are
    if not table or clusters < 1 or table * sector * 8 < (clusters + 2) * width or (width == 32) != (not roots):
        raise Malformed(view.offset + 22, "an allocation table for all clusters")
    whole = Volume(
        view=view,
        width=width,
        sector=sector,
        cluster=per * sector,
        table=reserved * sector,
        table_size=table * sector,
        tables=tables,
        root=number(44, 4) if width == 32 else (reserved + tables * table) * sector,
        root_size=0 if width == 32 else roots * ENTRY,
        data=first * sector,
        clusters=clusters,
        size=total * sector,
    )
    start = view.exact(whole.table, 4)
    if start[0] not in (head[21], 0xF0, 0xF8) or start[1] != 0xFF or start[2] & 0x0F != 0x0F:
        raise Malformed(view.offset + whole.table, "a table that begins with the medium's mark")
    return whole


def entries(data: bytes) -> Iterator[Entry]:
    """The entries of a directory, with their long names (section 7)."""
    long: dict[int, bytes] = {}
    for at in range(0, len(data) // ENTRY * ENTRY, ENTRY):
        raw = data[at : at + ENTRY]
        if raw[0] == END:
            return
        if raw[11] & 0x3F == LONG:
            long[raw[0] & 0x1F] = raw[1:11] + raw[14:26] + raw[28:32]
            continue
        name, extension = (part.decode("cp437").rstrip(" ") for part in (raw[:8], raw[8:11]))
        short = f"{name}.{extension}" if extension else name
        deleted = raw[0] == DELETED
        if deleted:
            short = "?" + short[1:]
        wide = b"".join(long[number] for number in sorted(long)).decode("utf-16-le", "replace").split("\0")[0]
        long.clear()
        cluster = int.from_bytes(raw[26:28], "little") | int.from_bytes(raw[20:22], "little") << 16
        yield Entry(
            wide.rstrip("\uffff")[:LONGEST_NAME] or short,
            raw[11],
            cluster,
            int.from_bytes(raw[28:32], "little"),
            date(int.from_bytes(raw[24:26], "little"), int.from_bytes(raw[22:24], "little")),
            deleted,
        )


def date(day: int, time: int) -> str | None:
    """A date and time as FAT has them, in ISO 8601; local time."""
    month, number = day >> 5 & 15, day & 31
    if not 1 <= month <= 12 or not number:
        return None
    return f"{1980 + (day >> 9)}-{month:02}-{number:02}T{time >> 11:02}:{time >> 5 & 63:02}:{(time & 31) * 2:02}"
