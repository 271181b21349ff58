"""The chunks of Android's compiled resources and XML: a type, the size of a header, a size, and what they are made of.

https://android.googlesource.com/platform/frameworks/base/+/main/libs/androidfw/include/androidfw/ResourceTypes.h.
"""

from typing import NamedTuple

from rorqual.analyzers.formats.reader import Reader
from rorqual.sdk import Malformed, View

HEADER = 8
CHUNKS_MOST = 1 << 18
STRING_POOL, TABLE, XML, RESOURCE_MAP, START_ELEMENT, PACKAGE = 0x0001, 0x0002, 0x0003, 0x0180, 0x0102, 0x0200
XML_NODES = range(0x0100, 0x0180)
UTF8 = 0x100
NOTHING = 0xFFFFFFFF
TEXT_MOST = 1024


class Chunk(NamedTuple):
    """A chunk."""

    type: int
    at: int
    head: int  # bytes of its header
    size: int

    @property
    def end(self) -> int:
        return self.at + self.size


class Attribute(NamedTuple):
    """Of an element: name and value; a string where it is one, else a number."""

    name: str
    text: str | None
    value: int


def chunk(reader: Reader, end: int) -> Chunk:
    """The one at the reader's place, which then is behind its first eight bytes."""
    at = reader.at
    raw = reader.take(HEADER)
    type, head, size = (int.from_bytes(raw[a:b], "little") for a, b in ((0, 2), (2, 4), (4, 8)))
    reader.check(HEADER <= head <= size <= end - at and not size & 3, "a chunk inside what it is part of")
    return Chunk(type, at, head, size)


def chunks(view: View, start: int, end: int) -> list[Chunk]:
    """All from `start` on, which fill the bytes up to `end`."""
    reader, found = Reader(view, start), list[Chunk]()
    while reader.at < end:
        one = chunk(reader, end)
        reader.check(len(found) < CHUNKS_MOST, f"at most {CHUNKS_MOST} chunks")
        found.append(one)
        reader.at = one.end
    reader.reach(end)
    return found


class Strings:
    """A pool of strings."""

    def __init__(self, view: View, pool: Chunk) -> None:
        self._view = view
        self._pool = pool
        reader = Reader(view, pool.at + HEADER)
        self.count, self.styles, flags, self._strings, _ = (reader.number(4) for _ in range(5))
        self._utf8 = bool(flags & UTF8)
        reader.check(pool.head + 4 * (self.count + self.styles) <= pool.size, "indices inside the pool")

    def text(self, index: int) -> str | None:
        """A string; None where there is none."""
        if index >= self.count:
            return None
        pool = self._pool
        at = int.from_bytes(self._view.exact(pool.at + pool.head + 4 * index, 4), "little") + self._strings
        if at >= pool.size:
            return None
        try:
            return self._read(Reader(self._view.sub(0, pool.end), pool.at + at))
        except Malformed:
            return None

    def _read(self, reader: Reader) -> str:
        if self._utf8:
            _length(reader, 1)
            return reader.take(min(_length(reader, 1), TEXT_MOST)).decode("utf-8", "backslashreplace")
        return reader.take(2 * min(_length(reader, 2), TEXT_MOST)).decode("utf-16-le", "backslashreplace")


def _length(reader: Reader, width: int) -> int:
    """A length in one unit, or in two where the highest bit is set."""
    value, mark = reader.number(width), 1 << 8 * width - 1
    return (value & mark - 1) << 8 * width | reader.number(width) if value & mark else value


def element(view: View, node: Chunk, strings: Strings) -> tuple[str, list[Attribute]]:
    """An element's name and attributes."""
    reader = Reader(view, node.at + node.head + 4)
    name, start, width, count = reader.number(4), reader.number(2), reader.number(2), reader.number(2)
    found = []
    for index in range(min(count, 64)):
        reader.at = node.at + node.head + start + index * width
        reader.check(width >= 20 and reader.at + 20 <= node.end, "attributes inside their element")
        reader.skip(4)
        key, raw = reader.number(4), reader.number(4)
        reader.skip(4)
        value = reader.number(4)
        found.append(Attribute(strings.text(key) or "", strings.text(raw) if raw != NOTHING else None, value))
    return strings.text(name) or "", found
