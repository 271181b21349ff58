"""The pages of an SQLite database, as far as the schema and the free ones need them.

https://www.sqlite.org/fileformat.html, sections 1.3, 1.5, 1.6 and 2.
"""

from typing import NamedTuple

from rorqual.analyzers.formats.reader import Cut, Reader
from rorqual.sdk import Malformed, View

HEADER = 100
TABLE_LEAF, TABLE_INNER = 0x0D, 0x05
SCHEMA_PAGES_MOST = 64
OBJECTS_MOST = 256
TRUNKS_MOST = 4096
TEXT_MOST = 256


class Object(NamedTuple):
    """A row of the schema."""

    type: str  # "table", "index", "view", "trigger"
    name: str
    root: int  # page


class Pages:
    """A database by its pages, which count from 1."""

    def __init__(self, view: View, size: int, count: int, encoding: str) -> None:
        self.view = view
        self.size = size
        self.count = count
        self.encoding = encoding

    def place(self, number: int) -> int:
        """Where a page begins.

        Raises:
            Malformed: there is no such page.
        """
        if not 0 < number <= self.count:
            raise Malformed(self.view.offset, f"a page of {self.count}, found {number}")
        return (number - 1) * self.size

    def free(self) -> tuple[list[int], int, bool]:
        """Numbers of free leaf pages, of how many pages the list is, and whether the header counts as many."""
        head = self.view.exact(32, 8)
        trunk, counted = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")
        leaves: list[int] = []
        total, seen = 0, set[int]()
        while trunk and len(seen) < TRUNKS_MOST:
            if trunk in seen:
                return leaves, total, False
            seen.add(trunk)
            self.view.step()
            at = self.place(trunk)
            head = self.view.exact(at, 8)
            trunk, count = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")
            if count > self.size // 4 - 2:
                raise Malformed(self.view.offset + at, "a list of free pages")
            raw = self.view.exact(at + 8, 4 * count)
            leaves += (int.from_bytes(raw[start : start + 4], "big") for start in range(0, 4 * count, 4))
            total += 1 + count
        return leaves, total, total == counted

    def schema(self) -> list[Object]:
        """The objects, the first OBJECTS_MOST."""
        found: list[Object] = []
        pages, seen = [1], set[int]()
        while pages and len(seen) < SCHEMA_PAGES_MOST and len(found) < OBJECTS_MOST:
            number = pages.pop()
            if number in seen:
                continue
            seen.add(number)
            at = self.place(number)
            start = at + (HEADER if number == 1 else 0)
            head = self.view.exact(start, 12)
            inner, cells = head[0] == TABLE_INNER, int.from_bytes(head[3:5], "big")
            if head[0] not in (TABLE_INNER, TABLE_LEAF) or 2 * cells > self.size:
                raise Malformed(self.view.offset + start, "a table's page")
            raw = self.view.exact(start + (12 if inner else 8), 2 * cells)
            places = [at + int.from_bytes(raw[index : index + 2], "big") for index in range(0, 2 * cells, 2)]
            if inner:
                pages.append(int.from_bytes(head[8:12], "big"))
                pages += (int.from_bytes(self.view.exact(place, 4), "big") for place in reversed(places))
            else:
                found += (one for place in places if (one := self._object(place, at + self.size)))
        return found[:OBJECTS_MOST]

    def _object(self, at: int, end: int) -> Object | None:
        reader = Reader(self.view.sub(0, end), at, big=True)
        try:
            _varint(reader), _varint(reader)
            start = reader.at
            size = _varint(reader)
            kinds: list[int] = []
            while reader.at < start + size and len(kinds) < 5:
                kinds.append(_varint(reader))
            reader.at = start + size
            values = [self._value(reader, kind) for kind in kinds[:4]]
        except Cut:
            return None
        if len(values) < 4 or not isinstance(values[0], str) or not isinstance(values[1], str):
            return None
        return Object(values[0], values[1], values[3] if isinstance(values[3], int) else 0)

    def _value(self, reader: Reader, kind: int) -> str | int | None:
        if kind >= 13 and kind & 1:
            size = (kind - 13) // 2
            raw = reader.take(min(size, TEXT_MOST))
            reader.skip(size - len(raw))
            return raw.decode(self.encoding, "backslashreplace")
        width = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}.get(kind)
        if width is not None:
            return reader.number(width)
        reader.check(kind in (0, 8, 9), "a text or a number")
        return kind - 8 if kind else None

    def slack(self, number: int) -> tuple[int, int]:
        """(at, size) of what lies between the pointers to cells and the cells, in a page of a tree."""
        at = self.place(number)
        start = at + (HEADER if number == 1 else 0)
        head = self.view.exact(start, 8)
        if head[0] not in (2, 5, 10, 13):
            return at, 0
        first = start + (12 if head[0] in (2, 5) else 8) + 2 * int.from_bytes(head[3:5], "big")
        content = int.from_bytes(head[5:7], "big") or 65_536
        return first, max(0, min(at + content, at + self.size) - first)


def _varint(reader: Reader) -> int:
    value = 0
    for _ in range(8):
        byte = reader.byte()
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value
    return value << 8 | reader.byte()
