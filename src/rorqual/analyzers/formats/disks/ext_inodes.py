"""Inodes and directories of ext2, ext3 and ext4: https://www.kernel.org/doc/html/latest/filesystems/ext4/."""

from collections.abc import Iterator
from dataclasses import dataclass

from rorqual.analyzers.formats.disks.pieces import MOST, Run
from rorqual.sdk import View, frozen

DIRECTORY, FILE, LINK, FORMAT = 0x4000, 0x8000, 0xA000, 0xF000  # of a mode
EXTENTS, ENCRYPTED, INLINE = 0x80000, 0x800, 0x10000000  # flags of an inode
EXTENT_MAGIC = 0xF30A
UNWRITTEN = 32_768  # an extent's length from here on: allocated, read as zeros
DEEPEST = 5  # levels of an extent tree
DIRECT, INDIRECT = 12, 3
LARGEST_DIRECTORY = 4 << 20  # bytes read of one


@frozen
class Inode:
    """A file or directory."""

    mode: int
    size: int  # bytes
    modified: int  # seconds since 1970
    flags: int
    block: bytes  # the 60 bytes that lead to its blocks

    @property
    def kind(self) -> int:
        return self.mode & FORMAT


@dataclass
class Inodes:
    """Reads inodes by number. Places and sizes in bytes."""

    view: View
    block_size: int
    blocks: int
    inode_size: int
    per_group: int
    inodes: int
    descriptors: int  # place of the first group's
    descriptor_size: int

    def inode(self, number: int) -> Inode | None:
        """The inode of this number, if there may be one."""
        if not 1 <= number <= self.inodes:
            return None
        group, index = divmod(number - 1, self.per_group)
        data = self.view.read(self.descriptors + group * self.descriptor_size, self.descriptor_size)
        table = int.from_bytes(data[8:12], "little")
        if len(data) >= 64:
            table |= int.from_bytes(data[40:44], "little") << 32
        if not 0 < table < self.blocks:
            return None
        raw = self.view.read(table * self.block_size + index * self.inode_size, 128)
        if len(raw) < 128:
            return None
        mode = int.from_bytes(raw[:2], "little")
        size = int.from_bytes(raw[4:8], "little")
        if mode & FORMAT == FILE:
            size |= int.from_bytes(raw[108:112], "little") << 32
        return Inode(
            mode, size, int.from_bytes(raw[16:20], "little"), int.from_bytes(raw[32:36], "little"), raw[40:100]
        )

    def runs(self, inode: Inode) -> list[Run]:
        """Where a file's bytes are; holes are runs without a place."""
        found: list[Run] = []
        at = 0
        pieces = self._extents(inode.block, 0) if inode.flags & EXTENTS else self._mapped(inode)
        count = -(-inode.size // self.block_size)
        for first, place, length in pieces:
            if len(found) >= MOST or first >= count or first < at:
                break
            if first > at:
                found.append((None, (first - at) * self.block_size))
            found.append((None if place is None else place * self.block_size, length * self.block_size))
            at = first + length
        if at < count:
            found.append((None, (count - at) * self.block_size))
        return found

    def _extents(self, node: bytes, depth: int) -> Iterator[tuple[int, int | None, int]]:
        """(first block of the file, block of the volume, blocks) of a tree's leaves."""
        if int.from_bytes(node[:2], "little") != EXTENT_MAGIC or depth > DEEPEST:
            return
        count, levels = int.from_bytes(node[2:4], "little"), int.from_bytes(node[6:8], "little")
        for at in range(12, min(12 + 12 * count, len(node) - 11), 12):
            self.view.step()
            first = int.from_bytes(node[at : at + 4], "little")
            if levels:
                low, high = (
                    int.from_bytes(node[at + 4 : at + 8], "little"),
                    int.from_bytes(node[at + 8 : at + 10], "little"),
                )
                block = low | high << 32
                if 0 < block < self.blocks:
                    yield from self._extents(self.view.read(block * self.block_size, self.block_size), depth + 1)
                continue
            length, high = (int.from_bytes(node[at + more : at + more + 2], "little") for more in (4, 6))
            place = int.from_bytes(node[at + 8 : at + 12], "little") | high << 32
            if place + length % UNWRITTEN > self.blocks:
                return
            yield (first, None, length - UNWRITTEN) if length > UNWRITTEN else (first, place, length)

    def _mapped(self, inode: Inode) -> Iterator[tuple[int, int | None, int]]:
        """The same of a file whose blocks are listed one by one, and by way of up to three levels of lists."""
        numbers = [int.from_bytes(inode.block[at : at + 4], "little") for at in range(0, 60, 4)]
        first = 0
        for number in numbers[:DIRECT]:
            if number and number < self.blocks:
                yield first, number, 1
            first += 1
        per = self.block_size // 4
        for level in range(1, INDIRECT + 1):
            yield from self._listed(numbers[DIRECT + level - 1], level, first, -(-inode.size // self.block_size))
            first += per**level

    def _listed(self, block: int, level: int, first: int, end: int) -> Iterator[tuple[int, int | None, int]]:
        if not 0 < block < self.blocks or first >= end:
            return
        data = self.view.read(block * self.block_size, self.block_size)
        span = (self.block_size // 4) ** (level - 1)
        for at in range(0, len(data) // 4 * 4, 4):
            if first >= end:
                return
            self.view.step()
            number = int.from_bytes(data[at : at + 4], "little")
            if level > 1:
                yield from self._listed(number, level - 1, first, end)
            elif 0 < number < self.blocks:
                yield first, number, 1
            first += span

    def entries(self, inode: Inode) -> Iterator[tuple[int, str]]:
        """(inode number, name) of a directory's entries."""
        size = min(inode.size, LARGEST_DIRECTORY)
        for place, length in self.runs(inode):
            if place is None or size <= 0:
                continue
            data = self.view.read(place, min(length, size))
            size -= length
            at = 0
            while at + 8 <= len(data):
                number, step = (
                    int.from_bytes(data[at : at + 4], "little"),
                    int.from_bytes(data[at + 4 : at + 6], "little"),
                )
                if step < 8:
                    break
                self.view.step()
                if number and data[at + 6]:
                    yield number, data[at + 8 : at + 8 + data[at + 6]].decode("utf-8", "replace")
                at += step
