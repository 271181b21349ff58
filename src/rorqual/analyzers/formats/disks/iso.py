"""ISO 9660 volumes: 16 sectors that belong to the system, then descriptors of 2,048 bytes ("CD001"), directories and
files. Joliet and Rock Ridge give other names to the same files; El Torito lists boot images.

ECMA-119, https://ecma-international.org/publications-and-standards/standards/ecma-119/. Not handled: raw sectors of
2,352 bytes, interleaved files, High Sierra, zisofs (its files are children as they are stored), what only UDF lists.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.disks import iso_records
from rorqual.analyzers.formats.disks.iso_records import DESCRIPTORS, FIRST_DESCRIPTOR, SECTOR, BootImage, Record
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Finding, Hit, Malformed, Region, Said, View

MAGIC = FIRST_DESCRIPTOR * SECTOR
LARGEST_DIRECTORY = 1 << 20  # bytes read of one
MOST_DIRECTORIES = 4096
MOST_FILES = 20_000
MOST_GAPS = 2000  # rooms looked for
DEEPEST = 64  # directories
LONGEST_PATH = 1024  # characters


class ISOFile(NamedTuple):
    """A file of a volume."""

    path: str
    at: int  # in the volume
    size: int
    modified: str | None
    link: str | None  # the target of a symbolic link


@dataclass(frozen=True, slots=True)
class ISOVolume:
    """A volume; the finding has its size as its primary descriptor gives it."""

    tag: ClassVar[str] = "iso_volume"
    volume: str
    system: str
    publisher: str
    preparer: str
    application: str
    created: str | None
    modified: str | None
    block_size: int  # bytes
    blocks: int
    present: int  # bytes of it that are there
    joliet: bool
    rock_ridge: bool
    udf: bool
    files: int
    directories: int
    boot_images: int


@dataclass(frozen=True, slots=True)
class ISOFiles:
    """Files of a volume; the finding spans what they occupy and what lies between."""

    tag: ClassVar[str] = "iso_files"
    first: int
    rows: tuple[ISOFile, ...]


@dataclass
class _Walk:
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


class ISO:
    """Finds volumes by their primary descriptor, in the 17th sector."""

    name = "iso"
    version = 1
    wakes_on = (Anchor(rb"\x01CD001\x01", back=MAGIC),)

    def score(self, view: View, /) -> int:
        """A block size that exists and a root record of the only length it may have."""
        head = view.read(MAGIC + 128, 29)
        return int(len(head) == 29 and head[:2] in (b"\0\x02", b"\0\x04", b"\0\x08", b"\0\x10") and head[28] == 34)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        primary = view.exact(MAGIC, SECTOR)
        block_size = int.from_bytes(primary[128:130], "little")
        walk = _Walk(view, block_size)
        root = _root(view, primary, block_size)
        joliet, boot, udf = None, None, False
        for number in range(FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + DESCRIPTORS):
            data = view.read(number * SECTOR, SECTOR)
            udf = udf or data[1:6] in iso_records.UDF
            if data[1:6] != b"CD001":
                if data[1:6] not in (b"BEA01", b"TEA01", *iso_records.UDF):
                    break
                continue
            walk.used.append((number * SECTOR, (number + 1) * SECTOR, False))
            if data[0] == iso_records.SUPPLEMENTARY and data[88:91] in iso_records.JOLIET:
                joliet = _root(view, data, block_size)
            elif data[0] == iso_records.BOOT and data[7:30] == b"EL TORITO SPECIFICATION":
                boot = int.from_bytes(data[71:75], "little")
            if data[0] in (iso_records.PRIMARY, iso_records.SUPPLEMENTARY):
                _tables(walk, data)
        walk.skip = _skipped(view, root, block_size)
        for tree, wide in (
            ((joliet, True), (root, False)) if joliet and not _rocky(walk, root) else ((root, False), (joliet, True))
        ):
            if tree is not None:
                yield from self._tree(hit, walk, tree, wide=wide)
        for table in walk.rows.rest():
            yield _rows(hit, *table)
        images = list(iso_records.boot_images(view, boot * block_size)) if boot else []
        if boot and images:
            walk.used.append((boot * block_size, boot * block_size + SECTOR, False))
        yield from _boot(walk, images)
        yield from self._whole(hit, walk, primary, joliet=joliet is not None, udf=udf, images=len(images))

    def _tree(self, hit: Hit, walk: _Walk, root: Record, *, wide: bool) -> Iterator[Said]:
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
                yield from self._file(
                    hit, walk, ISOFile(whole, first.block * size, length + entry.size, first.modified, rocky.link)
                )

    def _file(self, hit: Hit, walk: _Walk, row: ISOFile) -> Iterator[Said]:
        if (row.size and (row.at, row.size) in walk.told) or walk.files >= MOST_FILES:
            return
        walk.files += 1
        for table in walk.rows.add(row.at if row.size else MAGIC, row.size, (row,)):
            yield _rows(hit, *table)
        if row.size:
            walk.told.add((row.at, row.size))
            walk.used.append((row.at, row.at + row.size, True))
            if walk.view.holds(row.at):
                yield Region(row.at, row.size, "iso-file", Codec("iso", None), name=row.path)

    def _whole(self, hit: Hit, walk: _Walk, primary: bytes, *, joliet: bool, udf: bool, images: int) -> Iterator[Said]:
        view, block_size = hit.view, walk.block_size
        blocks = int.from_bytes(primary[80:84], "little")
        size, referenced = blocks * block_size, max(end for _, end, _ in walk.used)
        present = view.within(0, max(size, referenced))
        body = ISOVolume(
            volume=_text(primary[40:72]),
            system=_text(primary[8:40]),
            publisher=_text(primary[318:446]),
            preparer=_text(primary[446:574]),
            application=_text(primary[574:702]),
            created=iso_records.long_date(primary[813:830]),
            modified=iso_records.long_date(primary[830:847]),
            block_size=block_size,
            blocks=blocks,
            present=min(present, size),
            joliet=joliet,
            rock_ridge=walk.rock_ridge,
            udf=udf,
            files=walk.files,
            directories=len(walk.directories),
            boot_images=images,
        )
        yield hit.finding(0, min(present, size) or present, body)
        if int.from_bytes(primary[84:88], "big") != blocks:
            walk.contradiction = "volume space size: its two byte orders differ"
        if walk.contradiction:
            yield hit.finding(MAGIC, SECTOR, Anomaly("byte_orders_differ", walk.contradiction))
        if referenced > size:
            proof = f"{size} bytes by its descriptor, files to {referenced}"
            yield hit.finding(MAGIC + 80, 8, Anomaly("volume_ends_before_its_files", proof))
        elif present < size and present >= referenced:
            proof = f"{size} bytes by its descriptor, {present} there, files to {referenced}"
            yield hit.finding(MAGIC + 80, 8, Anomaly("volume_ends_after_the_source", proof))
        if present < referenced:
            return
        size = min(present, max(size, referenced))
        yield Extent(0, size, "iso", "descriptors, directories and all files lie in the volume", f"fixed {MAGIC + 1}")
        yield from room(hit, 0, MAGIC, "iso", "preamble")
        if primary[883:1395].strip(b" \0"):  # spaces are how some writers leave it empty
            yield from room(hit, MAGIC + 883, 512, "iso", "private")
        yield from _gaps(hit, walk.used, size)


def _root(view: View, descriptor: bytes, block_size: int) -> Record:
    """The root directory's record, whose extent begins with a record of itself."""
    root = iso_records.record(descriptor[156:190])
    if root is None or not root.is_directory:
        raise Malformed(view.offset + MAGIC + 156, "a root directory's record")
    own = next(iso_records.records(view.read(root.block * block_size, SECTOR)), None)
    if own is None or own[1].name != b"\0" or own[1].block != root.block:
        raise Malformed(view.offset + root.block * block_size, "a root directory that begins with itself")
    return root


def _skipped(view: View, root: Record, block_size: int) -> int:
    """The length that the root's SP field gives (SUSP 5.3)."""
    own = next(iso_records.records(view.read(root.block * block_size, SECTOR)))[1]
    return own.use[6] if own.use[:2] == b"SP" and len(own.use) >= 7 else 0


def _rocky(walk: _Walk, root: Record) -> bool:
    """Whether the root's own records carry Rock Ridge fields."""
    view, size = walk.view, walk.block_size
    first = iso_records.records(view.read(root.block * size, SECTOR))
    return any(iso_records.rock(view, entry.use, size, walk.skip).there for _, entry in first)


def _tables(walk: _Walk, descriptor: bytes) -> None:
    """The path tables of a descriptor occupy bytes too."""
    size = min(int.from_bytes(descriptor[132:136], "little"), LARGEST_DIRECTORY)
    for at, order in ((140, "little"), (144, "little"), (148, "big"), (152, "big")):
        block = int.from_bytes(descriptor[at : at + 4], "little" if order == "little" else "big")
        start = block * walk.block_size
        if block and walk.view.within(start, size) == size:
            walk.used.append((start, start + size, False))


def _boot(walk: _Walk, images: list[BootImage]) -> Iterator[Said]:
    starts = {start for start, _ in walk.told}
    for image in images:
        at = image.block * walk.block_size
        present = walk.view.within(at, image.size)
        if present:
            walk.used.append((at, at + present, True))
        if present and at not in starts:
            starts.add(at)
            yield Region(at, present, "iso-boot-image", Codec("iso-boot", None), name=f"boot image ({image.media})")


def _gaps(hit: Hit, used: list[tuple[int, int, bool]], size: int) -> Iterator[Finding]:
    """Room between what is referenced: slack behind a file to the end of its sector, or sectors of nobody."""
    at, slack, looked = MAGIC, False, 0
    for start, end, file in [*sorted(used), (size, size, False)]:
        if start > at:
            border = min(start, -(-at // SECTOR) * SECTOR)
            if slack:
                yield from room(hit, at, border - at, "iso", "slack")
            yield from room(hit, border, start - border, "iso", "unused")
            looked += 1
            if looked > MOST_GAPS:
                return
        if end >= at:
            at, slack = end, file


def _rows(hit: Hit, at: int, size: int, first: int, rows: tuple[ISOFile, ...]) -> Finding:
    return hit.finding(at, size, ISOFiles(first, rows))


def _text(data: bytes) -> str:
    return data.decode("latin-1").strip(" \0")
