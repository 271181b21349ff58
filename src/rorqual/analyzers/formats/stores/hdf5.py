"""HDF5: a superblock that tells where the file ends; the root group leads to all else.

https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html. A superblock of version 0 or 1 is proven by the
root group it leads to, one of version 2 or 3 by its checksum. Datasets are not read; names in the root group are told
of old groups alone. What stands before the superblock (the user block, of 512 bytes or a power of two more) is room.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import Reader, told
from rorqual.analyzers.formats.stores import HDF5
from rorqual.analyzers.formats.stores.lookup3 import lookup3
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Extent, Hit, Malformed, Room, Said, View, frozen

USER_LEAST = 512  # bytes
SIZE_MOST = 1 << 48
NAMES_TOLD = 64
NODES_MOST = 64
SYMBOL_NODE_MOST = 1024


@frozen
class HDF5File:
    """An HDF5 file. The finding spans it, as far as it is there."""

    tag: ClassVar[str] = "hdf5_file"
    superblock: int  # version
    size: int
    base: int  # the user block before the superblock, in bytes
    open_for_writing: bool
    names: tuple[str, ...]  # in the root group, the first 64


class HDF5Probe:
    """Finds HDF5 files anywhere."""

    name = "hdf5"
    version = 1
    wakes_on = HDF5

    def score(self, view: View, /) -> int:
        """A version, and sizes of offsets and lengths."""
        head = view.read(8, 7)
        if len(head) < 7 or head[0] > 3:
            return 0
        sizes = head[5:7] if head[0] < 2 else head[1:3]
        return int(all(size in (2, 4, 8) for size in sizes))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        version = view.exact(8, 1)[0]
        reader = Reader(view, 13 if version < 2 else 9)
        wide, lengths = reader.byte(), reader.byte()
        names: tuple[str, ...] = ()
        if version < 2:
            reader.skip(5)
            flags = reader.number(4)
            reader.skip(4 if version == 1 else 0)
            base, _, stored = reader.number(wide), reader.number(wide), reader.number(wide)
            reader.skip(wide)
        else:
            flags = reader.byte()
            base, _, stored = reader.number(wide), reader.number(wide), reader.number(wide)
            reader.skip(wide)
            stated = reader.number(4)
            if lookup3(view.exact(0, reader.at - 4)) != stated:
                raise Malformed(hit.offset + reader.at - 4, "the checksum of the superblock")
        size = stored - base
        if not reader.at < size < SIZE_MOST:
            raise Malformed(hit.offset + reader.at, "an end of file")
        user = base if base >= USER_LEAST and base.bit_count() == 1 and base <= hit.offset else 0
        present = view.within(0, size)
        if version < 2 and present == size:
            names = _root(view, reader, wide, lengths)
        yield hit.finding(0, present, HDF5File(version, size, base, bool(flags & 1), names))
        if present == size:
            proof = "checksum of the superblock" if version >= 2 else "the superblock leads to the root group"
            yield Extent(-user, user + size, "hdf5", proof)
            if told(view.sub(-user), 0, user):
                yield hit.finding(-user, user, Room("hdf5", "preamble"))


def _root(view: View, reader: Reader, wide: int, lengths: int) -> tuple[str, ...]:
    """Names in the root group.

    Raises:
        Malformed: the superblock's symbol table entry does not lead to a group.
    """
    reader.skip(wide)
    header = reader.number(wide)
    kind = reader.number(4)
    reader.skip(4)
    tree, heap = reader.number(wide), reader.number(wide)
    if view.exact(header, 1) != b"\1" or view.exact(header + 1, 1) != b"\0":
        raise Malformed(view.offset + header, "an object header")
    if kind != 1:
        return ()
    if view.exact(tree, 4) != b"TREE" or view.exact(heap, 4) != b"HEAP":
        raise Malformed(view.offset + tree, "a tree and a heap")
    data = int.from_bytes(view.exact(heap + 8 + 2 * lengths, wide), "little")
    return tuple(printable(name) for name in _names(view, tree, data, wide, lengths))


def _names(view: View, tree: int, data: int, wide: int, lengths: int) -> list[bytes]:
    found: list[bytes] = []
    nodes, seen = [tree], set[int]()
    while nodes and len(seen) < NODES_MOST and len(found) < NAMES_TOLD:
        node = nodes.pop()
        if node in seen:
            continue
        seen.add(node)
        head = view.read(node, 8)
        count = int.from_bytes(head[6:8], "little")
        if head[:4] == b"TREE":
            at = node + 8 + 2 * wide + lengths
            for index in reversed(range(min(count, NODES_MOST))):
                nodes.append(int.from_bytes(view.read(at + index * (wide + lengths), wide), "little"))
        elif head[:4] == b"SNOD":
            width = 2 * wide + 24
            raw = view.read(node + 8, width * min(count, SYMBOL_NODE_MOST))
            for start in range(0, len(raw) - width + 1, width):
                place = int.from_bytes(raw[start : start + wide], "little")
                found.append(view.read(data + place, 256).partition(b"\0")[0])
    return found[:NAMES_TOLD]
