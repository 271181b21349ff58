"""A header: magic, how many tags, how many bytes of store; 16 bytes for each tag; the store."""

import struct
from typing import NamedTuple

from rorqual.analyzers.formats.archives.zip.records import text
from rorqual.sdk import Malformed, View

LEAD, LEAD_MAGIC = 96, b"\xed\xab\xee\xdb"
MAGIC, FIXED, ENTRY = b"\x8e\xad\xe8\x01", 16, 16
TAGS_MOST, STORE_MOST = 0xFFFF, 64 << 20  # as rpm itself has them, or less
STRING, STRINGS, I18N = 6, 8, 9
INT16, INT32, INT64 = 3, 4, 5
_WIDTHS = {INT16: 2, INT32: 4, INT64: 8}
TEXT_MOST = 512  # bytes
LIST_MOST = 1 << 20  # bytes of a list looked at


class Tag(NamedTuple):
    """An entry of the index."""

    type: int
    at: int  # of its value, from the view's start
    items: int


class Tags:
    """The header at `at` of a view.

    Raises:
        Malformed: there is none, or its lengths lie.
    """

    def __init__(self, view: View, at: int) -> None:
        head = view.exact(at, FIXED)
        count, store = struct.unpack(">2L", head[8:])
        if head[:4] != MAGIC or count > TAGS_MOST or store > STORE_MOST or not count:
            raise Malformed(view.offset + at, "a header")
        index = view.exact(at + FIXED, count * ENTRY)
        view.step(count)
        self._view = view
        self.at = at
        self.store = at + FIXED + count * ENTRY
        self.end = self.store + store
        if view.within(self.store, store) < store:
            raise Malformed(view.offset + self.store, f"{store} bytes of a store")
        self._tags = {
            number: Tag(kind, self.store + offset, items)
            for number, kind, offset, items in struct.iter_unpack(">4L", index)
            if offset <= store
        }

    def __contains__(self, number: int) -> bool:
        return number in self._tags

    def entry(self, number: int) -> Tag | None:
        """Where a tag's value is."""
        return self._tags.get(number)

    def count(self, number: int) -> int:
        """How many values the tag has."""
        found = self._tags.get(number)
        return 0 if found is None else found.items

    def raw(self, number: int, most: int = TEXT_MOST) -> bytes | None:
        """The first string of a tag, cut."""
        found = self._tags.get(number)
        if found is None or found.type not in (STRING, STRINGS, I18N):
            return None
        return self._view.read(found.at, min(most, self.end - found.at)).partition(b"\0")[0]

    def text(self, number: int) -> str | None:
        """The same, to be shown."""
        raw = self.raw(number)
        return None if raw is None else text(raw, 0, TEXT_MOST)

    def number(self, number: int) -> int | None:
        """The first number of a tag."""
        found = self._tags.get(number)
        if found is None or found.type not in _WIDTHS or not found.items:
            return None
        return int.from_bytes(self._view.read(found.at, _WIDTHS[found.type]), "big")
