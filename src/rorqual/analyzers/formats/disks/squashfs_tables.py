"""The compressed tables of a SquashFS 4 image: inodes, directories, fragments.

https://dr-emann.github.io/squashfs/squashfs.html. Blocks of 8 KiB, each with a size of 16 bits before it.
"""

import lzma
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from rorqual.sdk import Malformed, View, frozen

ZLIB, LZMA, LZO, XZ, LZ4, ZSTD = range(1, 7)
METHODS = {ZLIB: "zlib", LZMA: "lzma", LZO: "lzo", XZ: "xz", LZ4: "lz4", ZSTD: "zstd"}
DECODED = (ZLIB, LZMA, XZ, LZ4)
META = 8192  # bytes of a table's block, decoded
STORED = 0x8000  # flag of a table's block that is not compressed
BLOCK_STORED = 1 << 24  # the same of a data block
NO_FRAGMENT = 0xFFFFFFFF
KEPT = 256  # decoded blocks kept
DICTIONARY = 64 << 20  # bytes, the ceiling of a decoder
LONGEST = 1 << 20  # bytes of a data block, by the format
MOST_ENTRIES = 256  # of a directory's run, by the format
COST = 8  # decoded bytes that cost as much as one step


@frozen
class Inode:
    """A directory (`start` and `offset` in the directory table) or a file (`blocks` with sizes as stored)."""

    kind: int  # 1 directory, 2 file, 3 symbolic link, as of the basic inodes
    modified: int  # seconds since 1970
    size: int  # bytes
    start: int = 0
    offset: int = 0
    fragment: int = NO_FRAGMENT
    blocks: tuple[int, ...] = ()


def decompress(method: int, data: bytes, most: int) -> bytes | None:
    """The decoded bytes, at most `most`; None where they do not decode."""
    try:
        if method == ZLIB:
            return zlib.decompressobj().decompress(data, most)
        if method in (LZMA, XZ):
            form = lzma.FORMAT_ALONE if method == LZMA else lzma.FORMAT_XZ
            return lzma.LZMADecompressor(form, memlimit=DICTIONARY).decompress(data, most)
    except (zlib.error, lzma.LZMAError):
        return None
    return lz4(data, most) if method == LZ4 else None


def lz4(data: bytes, most: int) -> bytes | None:
    """An LZ4 block: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md."""
    out, at, end = bytearray(), 0, len(data)
    while at < end:
        token = data[at]
        at += 1
        literals, at = _length(data, at, token >> 4)
        out += data[at : at + literals]
        at += literals
        if at + 2 > end or len(out) > most:
            return bytes(out) if at == end and len(out) <= most else None
        back = data[at] | data[at + 1] << 8
        match, at = _length(data, at + 2, token & 15)
        match += 4
        if not 0 < back <= len(out) or len(out) + match > most:
            return None
        while match > 0:
            piece = out[-back:][:match] if back >= match else out[-back:]
            out += piece
            match -= len(piece)
    return bytes(out)


def _length(data: bytes, at: int, value: int) -> tuple[int, int]:
    if value == 15:
        while at < len(data):
            more = data[at]
            at += 1
            value += more
            if more != 255:
                break
    return value, at


@dataclass
class Tables:
    """Reads inodes and directories; keeps the last blocks decoded."""

    view: View
    method: int
    inodes: int  # places in the view
    directories: int
    fragments: int
    count: int  # of fragments
    block_size: int
    kept: dict[int, tuple[bytes, int]] = field(default_factory=dict)

    def _block(self, at: int) -> tuple[bytes, int]:
        """The decoded block at `at`, and where the next one begins."""
        if at not in self.kept:
            head = int.from_bytes(self.view.exact(at, 2), "little")
            size = head & (STORED - 1)
            data: bytes | None = self.view.exact(at + 2, size)
            if not head & STORED:
                data = decompress(self.method, data or b"", META)
                self.view.step(META // COST // 32)
            if not data or len(data) > META:
                raise Malformed(self.view.offset + at, "a block of a table that decodes")
            if len(self.kept) >= KEPT:
                self.kept.clear()
            self.kept[at] = data, at + 2 + size
        return self.kept[at]

    def read(self, at: int, offset: int, size: int) -> bytes:
        """Bytes of a table from `offset` of the block at `at` on."""
        parts = b""
        while len(parts) < size:
            data, after = self._block(at)
            parts += data[offset : offset + size - len(parts)]
            if len(data) < META:
                break
            at, offset = after, 0
        return parts

    def inode(self, start: int, offset: int) -> Inode:
        """The inode at `offset` of the block `start` bytes into the table."""
        at = self.inodes + start
        head = self.read(at, offset, 56)
        kind, modified = int.from_bytes(head[:2], "little"), int.from_bytes(head[8:12], "little")
        try:
            if kind == 1:
                first, _, size, place, _ = struct.unpack_from("<IIHHI", head, 16)
                return Inode(1, modified, size, first, place)
            if kind == 8:
                _, size, first, _, _, place = struct.unpack_from("<IIIIHH", head, 16)
                return Inode(1, modified, size, first, place)
            if kind in (3, 10):
                return Inode(3, modified, struct.unpack_from("<II", head, 16)[1])
            if kind == 2:
                first, fragment, place, size = struct.unpack_from("<IIII", head, 16)
                behind = 32
            elif kind == 9:
                first, size, _, _, fragment, place, _ = struct.unpack_from("<QQQIIII", head, 16)
                behind = 56
            else:
                return Inode(kind, modified, 0)
        except struct.error as error:
            raise Malformed(self.view.offset + at, "an inode") from error
        count = size // self.block_size + (fragment == NO_FRAGMENT and size % self.block_size > 0)
        if count > 1 << 20:
            raise Malformed(self.view.offset + at, "a file of fewer blocks")
        sizes = (
            self.read(at, offset + behind, 4 * count)
            if offset + behind < META
            else self._behind(at, offset + behind, count)
        )
        return Inode(
            2,
            modified,
            size,
            first,
            place,
            fragment,
            struct.unpack(f"<{len(sizes) // 4}I", sizes[: len(sizes) // 4 * 4]),
        )

    def _behind(self, at: int, offset: int, count: int) -> bytes:
        """Sizes of blocks that begin in the next block of the table."""
        _, after = self._block(at)
        return self.read(after, offset - META, 4 * count)

    def entries(self, directory: Inode) -> Iterator[tuple[str, int, int]]:
        """(name, block, offset) of the inodes in a directory."""
        size = max(0, directory.size - 3)  # "." and ".." are counted and not stored
        data = self.read(self.directories + directory.start, directory.offset, size)
        at = 0
        while at + 12 <= len(data):
            count, start, _ = struct.unpack_from("<III", data, at)
            at += 12
            if count >= MOST_ENTRIES:
                return
            for _ in range(count + 1):
                if at + 8 > len(data):
                    return
                offset, _, _, length = struct.unpack_from("<HhHH", data, at)
                yield data[at + 8 : at + 9 + length].decode("utf-8", "replace"), start, offset
                at += 9 + length

    def fragment(self, number: int) -> tuple[int, int] | None:
        """(place, size as stored) of a block of fragments."""
        if number >= self.count:
            return None
        at = int.from_bytes(self.view.read(self.fragments + 8 * (number // 512), 8), "little")
        data = self.read(at, number % 512 * 16, 12)
        return (int.from_bytes(data[:8], "little"), int.from_bytes(data[8:12], "little")) if len(data) == 12 else None


def decode(
    view: View,
    *,
    method: int,
    blocks: tuple[int, ...],
    block_size: int,
    size: int,
    tail: tuple[int, int, int] | None,
    lead: int = 0,
    hollow: bool = False,
) -> Iterator[bytes]:
    """A file of `size` bytes: blocks in a row from `lead` on, and a `tail` (place, stored size, offset in it);
    without its blocks of zeros, if `hollow`."""
    at = lead
    for stored in blocks:
        want = min(block_size, size)
        if stored == 0:
            if not hollow:
                yield bytes(want)
        else:
            data = _data(view, at, stored, method, block_size)
            yield data
            want = len(data)
            at += stored & (BLOCK_STORED - 1)
        size -= want
    if tail is not None and size > 0:
        place, stored, offset = tail
        yield _data(view, place, stored, method, block_size)[offset : offset + size]


def _data(view: View, at: int, stored: int, method: int, most: int) -> bytes:
    size = stored & (BLOCK_STORED - 1)
    data = view.exact(at, min(size, LONGEST + 65_536))
    decoded = data if stored & BLOCK_STORED else decompress(method, data, most)
    if decoded is None:
        raise Malformed(view.offset + at, "a block that decodes")
    return decoded
