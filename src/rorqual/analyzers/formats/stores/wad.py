"""Doom's WAD files: "IWAD" or "PWAD", the number of lumps, where their directory is; lumps have eight bytes of name.

https://doomwiki.org/wiki/WAD. The end is that of the furthest lump or of the directory; bytes that neither covers are
room. What lumps hold is left to other probes.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.spans import gaps
from rorqual.analyzers.formats.stores import WAD
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Codec, Extent, Hit, Malformed, Region, Room, Said, View, frozen

HEADER = 12
LUMPS_MOST = 1 << 17  # the largest projects have about 60,000
READ = 4096  # rows of the directory read at once
NAMES_TOLD = 64
CHILDREN_MOST, CHILD_LEAST = 1024, 16
ROOMS_MOST = 64
_ROW = struct.Struct("<2I8s")


class Lump(NamedTuple):
    """A row of the directory."""

    at: int
    size: int
    name: str


@frozen
class DoomWad:
    """A WAD. The finding spans it, as far as it is there."""

    tag: ClassVar[str] = "doom_wad"
    kind: str  # "IWAD": a game, "PWAD": a patch of one
    lumps: int
    directory_at: int
    names: tuple[str, ...]  # of the first 64 lumps
    maps: int  # levels


class Wad:
    """Finds WADs anywhere."""

    name = "wad"
    version = 1
    wakes_on = WAD

    def score(self, view: View, /) -> int:
        """A directory behind the header."""
        head = view.read(4, 8)
        return int(len(head) == 8 and any(head[:4]) and int.from_bytes(head[4:], "little") >= HEADER)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        kind, count, at = struct.unpack("<4s2I", view.exact(0, HEADER))
        if not 0 < count <= LUMPS_MOST or at < HEADER or at >= 1 << 31:
            raise Malformed(hit.offset + 4, "a directory")
        lumps = _directory(view, at, count)
        end = max(at + count * _ROW.size, *(lump.at + lump.size for lump in lumps if lump.size))
        present = view.within(0, end)
        maps = sum(1 for lump in lumps if lump.name in ("THINGS", "TEXTMAP"))
        names = tuple(lump.name for lump in lumps[:NAMES_TOLD])
        yield hit.finding(0, present, DoomWad(kind.decode(), count, at, names, maps))
        if present < end:
            return
        yield Extent(0, end, "wad", "all lumps of the directory lie in it")
        covered = [(lump.at, lump.at + lump.size) for lump in lumps]
        covered.append((at, at + count * _ROW.size))
        rooms = 0
        for start, stop in gaps(covered, HEADER, end):
            if rooms < ROOMS_MOST and told(view, start, stop - start):
                yield hit.finding(start, stop - start, Room("wad", "unused"))
                rooms += 1
        children = [lump for lump in lumps if lump.size >= CHILD_LEAST]
        for lump in children[:CHILDREN_MOST]:
            yield Region(lump.at, lump.size, "wad-lump", Codec("wad", None), name=lump.name)


def _directory(view: View, at: int, count: int) -> list[Lump]:
    lumps: list[Lump] = []
    while len(lumps) < count:
        rows = min(READ, count - len(lumps))
        view.step(rows)
        for place, size, raw in _ROW.iter_unpack(view.exact(at + len(lumps) * _ROW.size, rows * _ROW.size)):
            name = raw.partition(b"\0")[0]
            if not name or not all(0x20 < byte < 0x7F for byte in name) or (size and place < HEADER):
                raise Malformed(view.offset + at + len(lumps) * _ROW.size, "a lump with a name and a place")
            lumps.append(Lump(place, size, printable(name)))
    return lumps
