"""What the probes of pictures and fonts share: what a walk gathers until the structure is proven, reading ahead,
and finding where a source ends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from zlib import decompressobj, error

from rorqual.sdk import Anomaly, Codec, Hit, Malformed, Region, Room, Said, View

LEAST_ROOM = 8  # bytes: fewer hide nothing
MOST_ROOMS = 256  # of one structure
MOST_ANOMALIES = 32
MOST_CHILDREN = 64
LOOKED = 64 << 10  # bytes of a room in which something other than zero must stand
LONGEST_TEXT = 200  # characters of a text in a finding
PIECE = 256 << 10  # decoded bytes handed on at once
READ = 64 << 10  # encoded bytes read at once


@dataclass(slots=True)
class Found:
    """Rooms, anomalies and children of a structure that is not proven yet, so many of each and no more."""

    format: str
    lead: int = 0  # bytes of a header between two rooms of one use that are taken for one
    rooms: list[tuple[int, int, str]] = field(default_factory=list)  # at, end, use
    anomalies: list[tuple[int, int, str, str]] = field(default_factory=list)  # at, size, name, proof
    children: list[Region] = field(default_factory=list)

    def room(self, at: int, size: int, use: str) -> None:
        """Takes a room; one behind another of the same use lengthens that one."""
        if self.rooms and self.rooms[-1][2] == use and 0 <= at - self.rooms[-1][1] <= self.lead:
            self.rooms[-1] = (self.rooms[-1][0], at + size, use)
        elif size >= LEAST_ROOM and len(self.rooms) < MOST_ROOMS:
            self.rooms.append((at, at + size, use))

    def anomaly(self, at: int, size: int, name: str, proof: str) -> None:
        """Takes an anomaly."""
        if len(self.anomalies) < MOST_ANOMALIES:
            self.anomalies.append((at, size, name, proof))

    def child(self, region: Region) -> None:
        """Takes a child; empty ones are none."""
        if region.size and len(self.children) < MOST_CHILDREN:
            self.children.append(region)

    def said(self, hit: Hit) -> Iterator[Said]:
        """All of them, once the structure is proven; rooms of zeros are none."""
        for at, end, use in self.rooms:
            if hit.view.sub(at).read(0, min(end - at, LOOKED)).strip(b"\0"):
                yield hit.finding(at, end - at, Room(self.format, use))
        for at, size, name, proof in self.anomalies:
            yield hit.finding(at, size, Anomaly(name, proof))
        yield from self.children


class Ahead:
    """Reads a view in growing blocks, for walks in small steps that mostly lead forward."""

    FIRST, MOST = 512, 64 << 10

    def __init__(self, view: View) -> None:
        self._view = view
        self._at = 0
        self._data = b""
        self._size = self.FIRST

    def read(self, at: int, size: int) -> bytes:
        """As that of a view."""
        start = at - self._at
        if start < 0 or start + size > len(self._data):
            self._data = self._view.read(at, max(size, self._size))
            self._at, start = at, 0
            self._size = min(self.MOST, 2 * self._size)
        return self._data[start : start + size]

    def exact(self, at: int, size: int) -> bytes:
        """As that of a view.

        Raises:
            Malformed: fewer bytes are there.
        """
        data = self.read(at, size)
        if len(data) != size:
            raise Malformed(self._view.offset + at, f"{size} bytes, found {len(data)}")
        return data

    def byte(self, at: int) -> int:
        """The byte at `at`.

        Raises:
            Malformed: there is none.
        """
        start = at - self._at
        if 0 <= start < len(self._data):
            return self._data[start]
        return self.exact(at, 1)[0]


def bytes_from(view: View, at: int) -> int:
    """How many bytes follow from `at` on to the end of the source, for what is said to reach there."""
    size = 1 << 16
    while view.holds(at + size - 1):
        size <<= 2
    return view.within(at, size)


def latin(data: bytes) -> str:
    """Text up to the first zero, cut, without what does not print."""
    text = data.split(b"\0", 1)[0][: 4 * LONGEST_TEXT].decode("latin-1")
    return "".join(one if one.isprintable() else " " for one in text).strip()[:LONGEST_TEXT]


def inflate(view: View) -> Iterator[bytes]:
    """A zlib stream, decoded to its end.

    Raises:
        Malformed: it breaks off.
    """
    stream, at = decompressobj(), 0
    while not stream.eof:
        data = view.read(at, READ)
        if not data:
            raise Malformed(view.offset + at, "the end of the zlib stream")
        at += len(data)
        piece = None
        while not stream.eof and (data or piece is None or len(piece) == PIECE):
            try:
                piece = stream.decompress(data, PIECE)
            except error as why:
                raise Malformed(view.offset + at - len(data), f"a zlib stream ({why})") from why
            data = stream.unconsumed_tail
            if piece:
                yield piece


def inflated(at: int, size: int, codec: str, name: str | None) -> Region:
    """The child that a zlib stream is."""
    return Region(at, size, codec, Codec(codec, inflate), name=name)


def as_it_is(at: int, size: int, codec: str, name: str | None = None) -> Region:
    """The child that bytes are as they stand."""
    return Region(at, size, codec, Codec(codec, None), name=name)


def gaps(spans: Iterable[tuple[int, int]], end: int) -> Iterator[tuple[int, int]]:
    """(at, size) of what no span (at, end) covers from 0 to `end`."""
    covered = 0
    for start, stop in sorted(spans):
        if start > covered:
            yield covered, min(start, end) - covered
        covered = max(covered, stop)
        if covered >= end:
            return
    if covered < end:
        yield covered, end - covered
