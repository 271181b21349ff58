"""SquashFS: a superblock, then compressed data blocks and tables. Versions 1 to 3 in either byte order, 4 in one.

https://dr-emann.github.io/squashfs/squashfs.html and the kernel's squashfs_fs.h. Files of version 4 are children where
zlib, LZMA, XZ or LZ4 made it; not handled: LZO and Zstandard, vendors' variants of LZMA, extended attributes.
"""

import struct
from collections.abc import Iterator
from functools import partial
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.disks import squashfs_tables
from rorqual.analyzers.formats.disks.pieces import too_hollow
from rorqual.analyzers.formats.disks.squashfs_tables import BLOCK_STORED, DECODED, METHODS, Inode, Tables
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Part, Refused, Region, Said, View, frozen

SUPERBLOCK = 96
OLD_SUPERBLOCK = 119  # version 3
NONE = (1 << 64) - 1  # a table that is not there
MOST_FILES = 20_000
MOST_PARTS = 1024  # files in one block of fragments
DEEPEST = 64
LONGEST_PATH = 1024


class SquashFSFile(NamedTuple):
    """A file of an image."""

    path: str
    size: int
    modified: int  # seconds since 1970


@frozen
class SquashFSImage:
    """A superblock; the finding spans what is there of the image."""

    tag: ClassVar[str] = "squashfs_image"
    version: str
    order: str
    compression: str | None  # None: zlib, which old versions have only
    block_size: int  # bytes
    inodes: int
    created: int  # seconds since 1970
    used: int  # bytes
    present: int  # of them


@frozen
class SquashFSFiles:
    """Files of an image; the finding is its table of directories."""

    tag: ClassVar[str] = "squashfs_files"
    first: int
    rows: tuple[SquashFSFile, ...]


class SquashFS:
    """Finds images anywhere."""

    name = "squashfs"
    version = 1
    wakes_on = (
        Anchor(rb"hsqs[\x00-\xff]{24}[\x01-\x04]\x00[\x00-\x01]\x00"),
        Anchor(rb"sqsh[\x00-\xff]{24}\x00[\x01-\x03]\x00[\x00-\x01]"),
    )

    def score(self, view: View, /) -> int:
        """A block size that agrees with its logarithm, in version 4."""
        head = view.read(0, SUPERBLOCK)
        if len(head) < SUPERBLOCK or head[28:30] != b"\4\0":
            return int(len(head) == SUPERBLOCK)
        log = int.from_bytes(head[22:24], "little")
        return int(12 <= log <= 20 and int.from_bytes(head[12:16], "little") == 1 << log)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, SUPERBLOCK)
        little = head[:4] == b"hsqs"
        if not little or head[28:30] != b"\4\0":
            yield from _old(hit, "little" if little else "big")
            return
        (inodes, created, block_size, fragments, method, *_) = struct.unpack_from("<IIIIH", head, 4)
        root, used, ids, _, inode_table, directory_table, fragment_table, _ = struct.unpack_from("<8Q", head, 32)
        if not SUPERBLOCK <= inode_table < directory_table <= ids < used or method not in METHODS:
            raise Malformed(view.offset + 40, "tables in their order")
        present = view.within(0, used)
        version = f"4.{int.from_bytes(head[30:32], 'little')}"
        body = SquashFSImage(version, "little", METHODS[method], block_size, inodes, created, used, present)
        if method not in DECODED:
            _id_table(view, ids, used)
            yield hit.finding(0, present, body)
            yield Refused(SUPERBLOCK, used - SUPERBLOCK, "method", 0)
            yield Extent(0, used, "squashfs", "the superblock's tables lie in order and the last of them is there")
            return
        tables = Tables(view, method, inode_table, directory_table, fragment_table, fragments, block_size)
        top = tables.inode(root >> 16, root & 0xFFFF) if present > inode_table else None
        if top is not None and top.kind != 1:
            raise Malformed(view.offset + inode_table, "a root directory")
        yield hit.finding(0, present, body)
        if present < used:
            return
        yield Extent(0, used, "squashfs", "tables decode, the root is a directory, and all bytes are there")
        if top is not None:
            yield from _files(hit, tables, top)


def _old(hit: Hit, order: str) -> Iterator[Said]:
    """Versions 1 to 3: fields only."""
    view, mark = hit.view, "<" if order == "little" else ">"
    head = view.exact(0, OLD_SUPERBLOCK)
    inodes, used_2, _, _, inode_2, directory_2, major, minor = struct.unpack_from(f"{mark}IIIIIIHH", head, 4)
    short, log, _, _, _, created = struct.unpack_from(f"{mark}HHBBBI", head, 32)
    block_size = struct.unpack_from(f"{mark}I", head, 51)[0] if major > 1 else short
    used, inode_table, directory_table = used_2, inode_2, directory_2
    if major == 3:
        used, _, _, inode_table, directory_table = struct.unpack_from(f"{mark}5Q", head, 63)
    if not 12 <= log <= 20 or block_size != 1 << log or not 0 < inode_table < directory_table < used:
        raise Malformed(view.offset + 34, "a block size that agrees with its logarithm, tables in order")
    present = view.within(0, used)
    yield hit.finding(
        0, present, SquashFSImage(f"{major}.{minor}", order, None, block_size, inodes, created, used, present)
    )
    if present == used:
        yield Extent(0, used, "squashfs", "block size and tables agree, and all bytes are there")
        yield Refused(OLD_SUPERBLOCK, used - OLD_SUPERBLOCK, "method", 0)


def _id_table(view: View, ids: int, used: int) -> None:
    """The table of ids leads to a block of a table before it, and the image is whole."""
    at = int.from_bytes(view.exact(ids, 8), "little")
    size = int.from_bytes(view.exact(at, 2), "little") & 0x7FFF
    if not SUPERBLOCK <= at < ids or at + 2 + size > ids or view.within(0, used) < used:
        raise Malformed(view.offset + ids, "a table of ids")


def _files(hit: Hit, tables: Tables, root: Inode) -> Iterator[Said]:
    """Every file as a child: those in blocks of their own, then those that share a block of fragments."""
    rows: Rows[SquashFSFile] = Rows()
    shared: dict[int, list[tuple[int, int, str]]] = {}  # by fragment: (offset, size, path)
    waiting, seen, count = [("", root, 0)], {(root.start, root.offset)}, 0
    table = tables.directories
    while waiting:
        path, directory, depth = waiting.pop()
        for name, start, offset in tables.entries(directory):
            tables.view.step()
            inode = tables.inode(start, offset)
            whole = f"{path}/{name}".lstrip("/")[:LONGEST_PATH]
            if inode.kind == 1 and depth < DEEPEST and (inode.start, inode.offset) not in seen:
                seen.add((inode.start, inode.offset))
                waiting.append((whole, inode, depth + 1))
            if inode.kind != 2 or count >= MOST_FILES:
                continue
            count += 1
            for at, size, first, part in rows.add(table, 1, (SquashFSFile(whole, inode.size, inode.modified),)):
                yield hit.finding(at, size, SquashFSFiles(first, part))
            if inode.fragment != squashfs_tables.NO_FRAGMENT and not inode.blocks and inode.size:
                group = shared.setdefault(inode.fragment, [])
                if len(group) < MOST_PARTS:
                    group.append((inode.offset, inode.size, whole))
            elif any(inode.blocks):
                yield _file(tables, inode, whole)
    for at, size, first, part in rows.rest():
        yield hit.finding(at, size, SquashFSFiles(first, part))
    for number in sorted(shared):
        yield from _fragment(tables, number, shared[number])


def _file(tables: Tables, inode: Inode, path: str) -> Region:
    tail = None
    start = inode.start
    if inode.fragment != squashfs_tables.NO_FRAGMENT and (found := tables.fragment(inode.fragment)) is not None:
        start = min(start, found[0])
        tail = found[0] - start, found[1], inode.offset
    lead = inode.start - start
    decode = partial(
        squashfs_tables.decode,
        method=tables.method,
        blocks=inode.blocks,
        block_size=tables.block_size,
        size=inode.size,
        tail=tail,
        lead=lead,
        hollow=too_hollow(inode.blocks.count(0) * tables.block_size, inode.size),
    )
    return Region(start, None, "squashfs-file", Codec("squashfs", decode), name=path)


def _fragment(tables: Tables, number: int, members: list[tuple[int, int, str]]) -> Iterator[Region]:
    found = tables.fragment(number)
    if found is None:
        return
    at, stored = found
    parts = tuple(Part(offset, size, path) for offset, size, path in sorted(set(members)))
    size = max(part.at + part.size for part in parts)
    if stored & BLOCK_STORED:
        for part in parts:
            yield Region(at + part.at, part.size, "squashfs-file", Codec("squashfs-stored", None), name=part.name)
        return
    decode = partial(
        squashfs_tables.decode,
        method=tables.method,
        blocks=(stored,),
        block_size=tables.block_size,
        size=size,
        tail=None,
    )
    yield Region(at, None, "squashfs-fragments", Codec("squashfs-fragments", decode, parts))
