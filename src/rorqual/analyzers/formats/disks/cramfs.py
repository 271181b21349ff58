"""CramFS: a superblock with a size and a CRC-32, inodes, then pages of zlib data. In either byte order.

The kernel's fs/cramfs/README and include/uapi/linux/cramfs_fs.h. Files become children; not handled: extended
block pointers, as images that are executed in place have.
"""

import struct
import zlib
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

SUPERBLOCK = 76
CHECKED = 16 << 20  # bytes of an image whose CRC-32 is checked
READ = 256 << 10
ROOT = 64  # where the root's inode is
INODE = 12
PAGE = 4096  # bytes of a block, decoded
DIRECTORY, FILE, KIND = 0x4000, 0x8000, 0xF000  # of a mode
MOST = 20_000  # inodes
DEEPEST = 64
EXTENDED = 0x800  # flag: block pointers with extensions


@frozen
class CramFSImage:
    """A superblock; the finding spans what is there of the image."""

    tag: ClassVar[str] = "cramfs_image"
    order: str
    label: str
    size: int  # bytes
    files: int
    blocks: int


class CramFS:
    """Finds images anywhere."""

    name = "cramfs"
    version = 1
    wakes_on = (
        Anchor(rb"\x45\x3d\xcd\x28[\x00-\xff]{12}Compressed ROMFS"),
        Anchor(rb"\x28\xcd\x3d\x45[\x00-\xff]{12}Compressed ROMFS"),
    )

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, SUPERBLOCK)
        order = "little" if head[:1] == b"\x45" else "big"
        size, flags, _, stored, _, blocks, files = struct.unpack_from(
            ("<" if order == "little" else ">") + "III16x4I", head, 4
        )
        if not flags & 1:
            raise Malformed(view.offset + 8, "a version that tells its size")
        label = head[48:64].split(b"\0")[0].decode("latin-1")
        present = view.within(0, size)
        yield hit.finding(0, present, CramFSImage(order, label, size, files, blocks))
        if present < size or size <= SUPERBLOCK:
            return
        value = 0
        for at in range(0, min(size, CHECKED), READ):
            data = view.read(at, min(READ, size - at))
            if not at:
                data = data[:32] + bytes(4) + data[36:]
            value = zlib.crc32(data, value)
        members = [] if flags & EXTENDED else list(_files(view, order, size))
        held = size <= CHECKED and value == stored
        if size <= CHECKED and not held:  # the kernel does not look at it
            yield hit.finding(32, 4, Anomaly("crc_wrong", f"stored {stored:#x}, computed {value:#x}"))
        if held or members:
            yield Extent(0, size, "cramfs", "the CRC-32 holds" if held else "the root directory leads to files")
            yield from members


def _inode(data: bytes, order: str) -> tuple[int, int, int, int]:
    """(mode, size, bytes of the name, place of what it leads to), from bit fields whose order the byte order turns."""
    mark = "<" if order == "little" else ">"
    mode, _, sized, named = struct.unpack(f"{mark}HHII", data)
    if order == "little":
        return mode, sized & 0xFFFFFF, (named & 63) * 4, (named >> 6) * 4
    return mode, sized >> 8, (named >> 26) * 4, (named & 0x3FFFFFF) * 4


def _files(view: View, order: str, end: int) -> Iterator[Region]:
    """Every file as a child."""
    waiting = [("", *_inode(view.exact(ROOT, INODE), order), 0)]
    seen: set[int] = set()
    while waiting and len(seen) < MOST:
        path, _, size, _, place, depth = waiting.pop()
        at = place
        while place and place + size - at >= INODE and at + INODE <= end and len(seen) < MOST:
            view.step()
            seen.add(at)
            mode, length, named, data = _inode(view.exact(at, INODE), order)
            name = view.read(at + INODE, named).split(b"\0")[0].decode("utf-8", "replace")
            whole = f"{path}/{name}".lstrip("/")
            at += INODE + named
            if mode & KIND == DIRECTORY and data not in seen and depth < DEEPEST:
                waiting.append((whole, mode, length, named, data, depth + 1))
            elif mode & KIND == FILE and length and 0 < data < end:
                codec = Codec("cramfs", partial(decode, size=length, order=order, start=data))
                yield Region(data, None, "cramfs-file", codec, name=whole)


def decode(view: View, *, size: int, order: str, start: int) -> Iterator[bytes]:
    """A file of `size` bytes: the ends of its blocks, then blocks of zlib data; `start` is the view's place.

    Raises:
        Malformed: a block does not decode.
    """
    count = -(-size // PAGE)
    ends = struct.unpack(f"{'<' if order == 'little' else '>'}{count}I", view.exact(0, 4 * count))
    at = 4 * count
    for number, end in enumerate(ends):
        want = min(PAGE, size - number * PAGE)
        length = end - start - at
        if not 0 <= length <= 2 * PAGE:
            raise Malformed(view.offset + 4 * number, "a block behind the one before")
        if not length:
            yield bytes(want)
            continue
        try:
            data = zlib.decompressobj().decompress(view.exact(at, length), PAGE)
        except zlib.error as error:
            raise Malformed(view.offset + at, f"a block that decodes ({error})") from error
        if len(data) != want:
            raise Malformed(view.offset + at, f"a block of {want} bytes")
        yield data
        at += length
