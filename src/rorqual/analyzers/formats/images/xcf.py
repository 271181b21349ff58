"""GIMP images: a header, properties, and places of layers and channels, which lead to tiles; big-endian.

https://developer.gimp.org/core/standards/xcf/. The end is that of the furthest part; a tile of an unsaid size is
decoded when it is the last. The picture is not decoded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar
from zlib import decompressobj, error

from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

MAGIC = 14
END, COMPRESSION, PARASITES = 0, 17, 21
PLAIN, RLE, ZLIB = 0, 1, 2
TILE = 64  # pixels a side
MOST = 65_536  # of layers, and of tiles of one
MOST_PROPERTIES = 1024
CEILING = 1 << 40
KINDS = ("rgb", "grey", "indexed")


@frozen
class XCFImage:
    """An image; the finding spans all that is led to."""

    tag: ClassVar[str] = "xcf_image"
    version: int
    width: int
    height: int
    kind: str
    layers: tuple[str, ...]
    channels: int


@dataclass(slots=True)
class _Walk:
    view: View
    found: Found
    wide: int = 4  # bytes of a pointer
    compression: int = PLAIN
    end: int = 0
    last: tuple[int, int] = (0, 0)  # the furthest tile and its decoded bytes
    names: list[str] = field(default_factory=list)

    def pointer(self, at: int) -> int:
        """A place in the file."""
        place = int.from_bytes(self.view.exact(at, self.wide), "big")
        self.end = max(self.end, at + self.wide)
        if place > CEILING:
            raise Malformed(self.view.offset + at, "a place in reach")
        return place

    def number(self, at: int) -> int:
        """A number of 32 bits."""
        return int.from_bytes(self.view.exact(at, 4), "big")

    def properties(self, at: int) -> int:
        """Where the list of properties ends."""
        for _ in range(MOST_PROPERTIES):
            self.view.step()
            kind, size = self.number(at), self.number(at + 4)
            if size and not self.view.holds(at + 7 + size):
                raise Malformed(self.view.offset + at, f"a property of {size} bytes")
            if kind == COMPRESSION:
                self.compression = self.view.exact(at + 8, 1)[0]
            elif kind == PARASITES:
                self.found.room(at + 8, size, "metadata")
            elif kind > 64:
                self.found.room(at + 8, size, "private")
            at += 8 + size
            self.end = max(self.end, at)
            if kind == END:
                return at
        raise Malformed(self.view.offset + at, "the end of the properties")


class XCF:
    """Finds GIMP images anywhere."""

    name = "xcf"
    version = 1
    wakes_on = (Anchor(rb"gimp xcf [fv][i0-9][l0-9][e0-9]\x00"),)

    def score(self, view: View, /) -> int:
        """Sides and a kind there are."""
        head = view.read(MAGIC, 12)
        return int(
            len(head) == 12 and int.from_bytes(head[8:], "big") < len(KINDS) and any(head[:4]) and any(head[4:8])
        )

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, MAGIC + 12)
        version = 0 if head[9:13] == b"file" else int(head[10:13])
        walk = _Walk(view, Found("xcf"), wide=8 if version >= 11 else 4)
        at = walk.properties(MAGIC + 12 + (4 if version >= 4 else 0))
        counts: list[int] = []
        for channel in (False, True):
            count = 0
            while place := walk.pointer(at):
                if count == MOST:
                    raise Malformed(hit.offset + at, f"at most {MOST} layers")
                _layer(walk, place, channel=channel)
                at, count = at + walk.wide, count + 1
            at, counts = at + walk.wide, [*counts, count]
        if not any(counts):
            raise Malformed(hit.offset + at, "a layer or a channel")
        place, size = walk.last
        end = max(walk.end, _tile_end(walk, place, size) if place else 0)
        width, height, kind = (int.from_bytes(head[place : place + 4], "big") for place in range(MAGIC, MAGIC + 12, 4))
        present = view.within(0, end)
        yield hit.finding(0, present, XCFImage(version, width, height, KINDS[kind], tuple(walk.names), counts[1]))
        if present == end:
            yield Extent(0, end, "xcf", f"{sum(counts)} layers and channels lead to their tiles")
        yield from walk.found.said(hit)


def _layer(walk: _Walk, at: int, *, channel: bool) -> None:
    """A layer, a channel or a mask: sides, a name, properties, and where its tiles are."""
    width, height = walk.number(at), walk.number(at + 4)
    at += 8 if channel else 12
    size = walk.number(at)
    if not channel and len(walk.names) < TILE:
        walk.names.append(latin(walk.view.read(at + 4, min(size, 200))))
    at = walk.properties(at + 4 + min(size, CEILING))
    _hierarchy(walk, walk.pointer(at))
    if not channel and (mask := walk.pointer(at + walk.wide)):
        _layer(walk, mask, channel=True)
    if not width or not height:
        raise Malformed(walk.view.offset + at, "sides of a layer")


def _hierarchy(walk: _Walk, at: int) -> None:
    """Levels, of which the first has tiles."""
    depth = walk.number(at + 8)
    if not 0 < depth <= 64:
        raise Malformed(walk.view.offset + at + 8, "1 to 64 bytes a pixel")
    level = walk.pointer(at + 12)
    for number in range(1, 64):
        walk.view.step()
        lower = walk.pointer(at + 12 + number * walk.wide)
        if not lower:
            break
        walk.pointer(lower + 8)
    width, height = walk.number(level), walk.number(level + 4)
    across, down = -(-width // TILE), -(-height // TILE)
    if across * down > MOST:
        raise Malformed(walk.view.offset + level, f"at most {MOST} tiles")
    table = walk.view.exact(level + 8, (across * down + 1) * walk.wide)
    walk.end = max(walk.end, level + 8 + len(table))
    for number in range(across * down):
        walk.view.step()
        place = int.from_bytes(table[number * walk.wide : (number + 1) * walk.wide], "big")
        if place > walk.last[0]:
            row, column = divmod(number, across)
            pixels = min(TILE, width - column * TILE) * min(TILE, height - row * TILE)
            walk.last = place, pixels * depth


def _tile_end(walk: _Walk, at: int, size: int) -> int:
    """Where a tile of so many decoded bytes ends."""
    if walk.compression == PLAIN:
        return at + size
    data = walk.view.read(at, size + size // 2 + 1024)
    if walk.compression == ZLIB:
        stream = decompressobj()
        try:
            stream.decompress(data, size + 1)
        except error as why:
            raise Malformed(walk.view.offset + at, f"a tile ({why})") from why
        return at + len(data) - len(stream.unused_data) if stream.eof else at + len(data)
    place, made = 0, 0
    while made < size and place < len(data):
        walk.view.step()
        code = data[place]
        place += 1
        if code in (127, 128):
            many = int.from_bytes(data[place : place + 2], "big")
            place += 2
        else:
            many = code + 1 if code < 127 else 256 - code
        place += 1 if code <= 127 else many
        made += many
    if made != size:
        raise Malformed(walk.view.offset + at, f"runs of {size} bytes, found {made}")
    return at + place
