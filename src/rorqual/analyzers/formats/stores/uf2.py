"""UF2, memory for microcontrollers: blocks of 512 bytes, each with magic numbers, its number and how many there are.

https://github.com/microsoft/uf2. Of the 476 bytes for data most writers use 256; the rest is room. Data of files that
are to be stored in a file system (a flag) is told of like any other.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.stores import UF2
from rorqual.sdk import Codec, Extent, Hit, Malformed, Region, Room, Said, View, frozen

BLOCK, HEADER, DATA = 512, 32, 476
BLOCKS_MOST = 1 << 18
ROOMS_MOST = 64
END = b"\x30\x6f\xb1\x0a"
FAMILY = 0x2000


@frozen
class UF2Image:
    """An image. The finding spans its blocks."""

    tag: ClassVar[str] = "uf2_image"
    blocks: int
    blocks_told: int
    data_size: int
    lowest: int  # address
    highest: int
    family: str | None  # of microcontrollers


class Uf2:
    """Finds images anywhere."""

    name = "uf2"
    version = 1
    wakes_on = UF2

    def score(self, view: View, /) -> int:
        """The first block, ended as all are."""
        return int(view.read(20, 4) == b"\0\0\0\0" and view.read(508, 4) == END)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        rooms: list[tuple[int, int]] = []
        at = count = size = 0
        told_count, family, low, high = 0, None, 1 << 32, 0
        while count < BLOCKS_MOST:
            view.step()
            head = view.read(at, HEADER)
            if len(head) < HEADER or head[:8] != b"UF2\n\x57\x51\x5d\x9e" or view.read(at + 508, 4) != END:
                break
            flags, address, length, number, blocks, kind = struct.unpack_from("<6I", head, 8)
            if length > DATA or number != count or (count and blocks != told_count):
                break
            told_count = blocks
            family = f"{kind:#010x}" if flags & FAMILY and family is None else family
            low, high, size = min(low, address), max(high, address + length), size + length
            if len(rooms) < ROOMS_MOST and told(view, at + HEADER + length, DATA - length):
                rooms.append((at + HEADER + length, DATA - length))
            at, count = at + BLOCK, count + 1
            if count == told_count:
                break
        if not count:
            raise Malformed(hit.offset, "a block")
        yield hit.finding(0, at, UF2Image(count, told_count, size, low, high, family))
        if count == told_count:
            yield Extent(0, at, "uf2", "all blocks are there, numbered in order")
            yield Region(0, at, "uf2-data", Codec("uf2", decode))
        for start, length in rooms:
            yield hit.finding(start, length, Room("uf2", "slack"))


def decode(view: View) -> Iterator[bytes]:
    """The data of all blocks."""
    at = 0
    while True:
        head = view.read(at, HEADER)
        if len(head) < HEADER or head[:4] != b"UF2\n":
            return
        length, number, blocks = struct.unpack_from("<3I", head, 16)
        if 0 < length <= DATA:
            yield view.exact(at + HEADER, length)
        at += BLOCK
        if number + 1 >= blocks:
            return
