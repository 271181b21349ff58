"""Apple's binary property lists: "bplist00", objects, a table of where they are, and a trailer of 32 bytes that says
where the table is.

https://github.com/apple-oss-distributions/CF/blob/main/CFBinaryPList.c. Readers begin with the trailer, at the end. In
a longer source it is the first behind the magic whose numbers lead to itself. Objects are counted, the first keys told.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.spans import gaps
from rorqual.analyzers.formats.stores import BPLIST
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Extent, Hit, Malformed, Room, Said, View, frozen

HEADER, TRAILER = 8, 32
SEARCHED = 8 << 20  # bytes behind the magic in which the trailer is looked for
READ = 64 << 10
OBJECTS_MOST = 1 << 18
KEYS_TOLD = 64
_TRAILER = re.compile(rb"(?=(\0{5}[\0-\3][\1-\x08][\1-\x08]\0{4}[\0-\xff]{4}\0{4}[\0-\xff]{4}\0{4}[\0-\xff]{4}))", re.S)


@frozen
class BinaryPropertyList:
    """A property list. The finding spans it."""

    tag: ClassVar[str] = "binary_property_list"
    objects: int
    top: str  # kind of the object that holds all others
    keys: tuple[str, ...]  # of the outermost dictionary, the first 64


class Bplist:
    """Finds binary property lists anywhere."""

    name = "bplist"
    version = 1
    wakes_on = BPLIST

    def score(self, view: View, /) -> int:
        """The magic and the version are 64 bits."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        for end in _trailers(view):
            raw = view.exact(end - TRAILER, TRAILER)
            width, references = raw[6], raw[7]
            count, top, table = (int.from_bytes(raw[at : at + 8], "big") for at in (8, 16, 24))
            if not _leads(end, width=width, references=references, count=count, top=top, table=table):
                continue
            data = view.exact(table, count * width)
            places = [int.from_bytes(data[at : at + width], "big") for at in range(0, len(data), width)]
            if all(HEADER <= place < table for place in places):
                yield from _told(hit, end, places, top=top, references=references, table=table)
                return
        raise Malformed(hit.offset + HEADER, "a trailer")


def _leads(end: int, *, width: int, references: int, count: int, top: int, table: int) -> bool:
    """Whether the trailer's numbers lead to it."""
    sound = 0 < count <= OBJECTS_MOST and top < count and table > HEADER and count <= 1 << 8 * references
    return sound and table + count * width == end - TRAILER and table <= 1 << 8 * width


def _trailers(view: View) -> Iterator[int]:
    """Where trailers end that could be one."""
    at = HEADER + 1
    while at < SEARCHED:
        data = view.read(at, READ + TRAILER)
        for found in _TRAILER.finditer(data):
            view.step()
            if found.start() < READ:
                yield at + found.start() + TRAILER
        if len(data) < READ + TRAILER:
            return
        at += READ


def _told(hit: Hit, end: int, places: list[int], *, top: int, references: int, table: int) -> Iterator[Said]:
    view = hit.view
    kind, count, start = _object(view, places[top])
    keys = []
    if kind == "dictionary":
        raw = view.read(start, references * min(count, KEYS_TOLD))
        for at in range(0, len(raw) - references + 1, references):
            number = int.from_bytes(raw[at : at + references], "big")
            if number < len(places):
                key_kind, size, key_at = _object(view, places[number])
                if key_kind == "ascii":
                    keys.append(printable(view.read(key_at, min(size, 256))))
    yield hit.finding(0, end, BinaryPropertyList(len(places), kind, tuple(keys)))
    yield Extent(0, end, "bplist", "the trailer leads to the table, the table to the objects")
    spans = []
    for place in places:
        view.step()
        kind, count, start = _object(view, place)
        spans.append((place, start + _width(kind, count, references)))
    for first, last in gaps(spans, HEADER, table):
        if told(view, first, last - first):
            yield hit.finding(first, last - first, Room("bplist", "unused"))


def _width(kind: str, count: int, references: int) -> int:
    if kind in ("array", "set"):
        return count * references
    if kind == "dictionary":
        return 2 * count * references
    return 2 * count if kind == "utf-16" else count


def _object(view: View, at: int) -> tuple[str, int, int]:
    """(kind, how many bytes, characters or entries, where they begin)."""
    head = view.read(at, 10)
    if not head:
        return "none", 0, at
    kind, low = head[0] >> 4, head[0] & 15
    if kind in (1, 2, 3):
        return "number", 1 << low, at + 1
    if kind == 8:
        return "identifier", low + 1, at + 1
    names = {4: "data", 5: "ascii", 6: "utf-16", 7: "utf-8", 10: "array", 11: "set", 12: "set", 13: "dictionary"}
    if kind not in names:
        return "simple", 0, at + 1
    if low < 15:
        return names[kind], low, at + 1
    width = 1 << (head[1] & 3) if len(head) > 1 else 1
    return names[kind], int.from_bytes(head[2 : 2 + width], "big"), at + 2 + width
