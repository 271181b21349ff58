"""ext2, ext3 and ext4 volumes: a superblock at 1024 with the magic number 53 EF, group descriptors, inodes, blocks.

https://www.kernel.org/doc/html/latest/filesystems/ext4/. Files become children; not handled: journals, extended
attributes, data inside inodes, groups of descriptors spread over the volume (META_BG), deleted files.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple
from uuid import UUID

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.disks.ext_inodes import DIRECTORY, ENCRYPTED, FILE, INLINE, Inode, Inodes
from rorqual.analyzers.formats.disks.pieces import Run, joined, member
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Closed, Extent, Hit, Malformed, Said, View, frozen

SUPERBLOCK = 1024
MAGIC = SUPERBLOCK + 56
ROOT = 2  # inode
JOURNAL, EXTENT_TREES, FLEXIBLE, WIDE, META_BG, CRYPT = 0x4, 0x40, 0x200, 0x80, 0x10, 0x10000
MOST_FILES = 20_000
MOST_DIRECTORIES = 4096
MOST_SLACK = 1000
DEEPEST = 64
LONGEST_PATH = 1024


class EXTFile(NamedTuple):
    """A file of a volume."""

    path: str
    inode: int
    size: int
    modified: int  # seconds since 1970


@frozen
class EXTVolume:
    """A volume; the finding spans what is there of it."""

    tag: ClassVar[str] = "ext_volume"
    version: int  # 2, 3 or 4, by the features in use
    label: str
    uuid: str
    mounted: str  # where it was mounted last
    block_size: int  # bytes
    blocks: int
    inodes: int
    created: int | None  # seconds since 1970
    written: int
    clean: bool
    present: int  # bytes of the volume
    files: int


@frozen
class EXTFiles:
    """Files of a volume."""

    tag: ClassVar[str] = "ext_files"
    first: int
    rows: tuple[EXTFile, ...]


@dataclass
class _Walk:
    """What is known on the way."""

    inodes: Inodes
    rows: Rows[EXTFile]
    slack: list[tuple[int, int]]
    files: int = 0


class EXT:
    """Finds volumes by the superblock of their first group."""

    name = "ext"
    version = 1
    # The magic number, a state, and what is done on errors: bytes so rare that the matcher finds them at no cost.
    wakes_on = tuple(
        Anchor(b"\\x53\\xef\\x%02x\\x00\\x%02x\\x00" % (state, errors), back=MAGIC)
        for state in range(6)
        for errors in range(1, 4)
    )

    def score(self, view: View, /) -> int:
        """The first group's superblock, block sizes that exist, counts that are not 0."""
        head = view.read(SUPERBLOCK, 92)
        counts = len(head) == 92 and any(head[:4]) and any(head[4:8]) and any(head[32:36]) and any(head[40:44])
        return int(counts and int.from_bytes(head[24:28], "little") <= 6 and head[90:92] == b"\0\0")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(SUPERBLOCK, 1024)

        def number(at: int, size: int = 4) -> int:
            return int.from_bytes(head[at : at + size], "little")

        block_size, old, incompatible = 1024 << number(24), number(76) == 0, number(96)
        wide = not old and bool(incompatible & WIDE)
        blocks = number(4) | (number(336) << 32 if wide else 0)
        inode_size = 128 if old else number(88, 2)
        per_group, first = number(32), number(20)
        groups = -(-(blocks - first) // per_group) if blocks > first else 0
        if first != (block_size == 1024) or inode_size not in (128, 256, 512, 1024, 2048, 4096) or not groups:
            raise Malformed(view.offset + SUPERBLOCK, "a block size, an inode size and groups that agree")
        if -(-number(0) // number(40)) != groups or number(12) > blocks or per_group > 8 * block_size:
            raise Malformed(view.offset + SUPERBLOCK, "inodes and blocks in as many groups")
        size = number(254, 2) if wide else 32
        if not 32 <= size <= 1024:
            raise Malformed(view.offset + SUPERBLOCK + 254, "a descriptor's size")
        inodes = Inodes(view, block_size, blocks, inode_size, number(40), number(0), (first + 1) * block_size, size)
        root = inodes.inode(ROOT)
        if root is None or root.kind != DIRECTORY:
            raise Malformed(view.offset + inodes.descriptors, "a root directory")
        present = view.within(0, blocks * block_size)
        listed = [] if incompatible & META_BG else list(_first(inodes, root))
        if listed[:1] not in ([(ROOT, ".")], []) or (not listed and not root.flags & (ENCRYPTED | INLINE)):
            raise Malformed(view.offset + inodes.descriptors, "a root directory that begins with itself")
        walk = _Walk(inodes, Rows(), [])
        yield from _tree(hit, walk, root)
        modern = incompatible & (EXTENT_TREES | FLEXIBLE | WIDE)
        body = EXTVolume(
            version=4 if modern else 3 if number(92) & JOURNAL else 2,
            label=head[120:136].split(b"\0")[0].decode("utf-8", "replace"),
            uuid=str(UUID(bytes=head[104:120])),
            mounted=head[136:200].split(b"\0")[0].decode("utf-8", "replace"),
            block_size=block_size,
            blocks=blocks,
            inodes=number(0),
            created=number(264) or None,
            written=number(48),
            clean=bool(number(58, 2) & 1),
            present=present,
            files=walk.files,
        )
        yield hit.finding(0, present, body)
        if present < blocks * block_size:
            return
        proof = "superblock, group descriptors and root directory agree, and all blocks are there"
        yield Extent(0, blocks * block_size, "ext", proof, f"fixed {MAGIC}")
        yield from room(hit, 0, SUPERBLOCK, "ext", "preamble")
        for at, length in walk.slack:
            yield from room(hit, at, length, "ext", "slack")


def _first(inodes: Inodes, root: Inode) -> Iterator[tuple[int, str]]:
    """The first entry of a directory."""
    for entry in inodes.entries(root):
        yield entry
        return


def _tree(hit: Hit, walk: _Walk, root: Inode) -> Iterator[Said]:
    """Every file as a child, directory by directory."""
    inodes = walk.inodes
    waiting: list[tuple[str, Inode, int]] = [("", root, 0)]
    seen = {ROOT}
    while waiting and len(seen) < MOST_DIRECTORIES + MOST_FILES:
        path, directory, depth = waiting.pop()
        for number, name in inodes.entries(directory):
            if name in (".", "..") or number in seen:
                continue
            inode = inodes.inode(number)
            if inode is None or inode.kind not in (DIRECTORY, FILE):
                continue
            seen.add(number)
            whole = f"{path}/{name}".lstrip("/")[:LONGEST_PATH]
            if inode.kind == DIRECTORY:
                if depth < DEEPEST:
                    waiting.append((whole, inode, depth + 1))
            elif walk.files < MOST_FILES:
                walk.files += 1
                yield from _file(hit, walk, EXTFile(whole, number, inode.size, inode.modified), inode)
    for at, size, first, rows in walk.rows.rest():
        yield hit.finding(at, size, EXTFiles(first, rows))


def _file(hit: Hit, walk: _Walk, row: EXTFile, inode: Inode) -> Iterator[Said]:
    inodes = walk.inodes
    for at, size, first, rows in walk.rows.add(inodes.descriptors, 1, (row,)):
        yield hit.finding(at, size, EXTFiles(first, rows))
    if not inode.size or inode.flags & INLINE:
        return
    runs: list[Run] = inodes.runs(inode)
    if inode.flags & ENCRYPTED:
        for place, length in runs:
            if place is not None:
                yield Closed(place, length, "encrypted file (fscrypt)")
        return
    last, length = runs[-1]
    tail = sum(size for _, size in runs) - inode.size
    if last is not None and 0 < tail < inodes.block_size and len(walk.slack) < MOST_SLACK:
        walk.slack.append((last + length - tail, tail))
    child = member(hit.view, joined(runs, inode.size), inode.size, kind="ext-file", codec="ext", name=row.path)
    if child is not None:
        yield child
