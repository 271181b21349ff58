"""Text-like structures read through one buffer: a document's tokens are many and small, reads are what costs."""

import re

from rorqual.sdk import View

FIRST = 2 << 10  # bytes of the first read: many documents are small
BLOCK = 256 << 10  # bytes of a read once a document has proved long
LAP = 96  # bytes that two searched blocks share: no searched token is longer


LOOKED = 64 << 10  # bytes of room that are looked at: what has only zeros there holds nothing
_NOTHING = b"\0\t\n\x0c\r "


def busy(view: View, at: int, size: int) -> bool:
    """Whether other bytes than zeros and white space are there."""
    return bool(view.read(at, min(size, 2048)).strip(_NOTHING) or view.read(at, min(size, LOOKED)).strip(_NOTHING))


class Scanner:
    """A view's bytes by place. A search that has read `most` bytes in all finds nothing more."""

    __slots__ = ("_data", "_size", "_start", "left", "view")

    def __init__(self, view: View, most: int) -> None:
        self.view = view
        self.left = most
        self._data = b""
        self._start = 0
        self._size = FIRST

    def peek(self, at: int, size: int) -> bytes:
        """At most `size` bytes at `at`, short at the end."""
        start = at - self._start
        if start >= 0 and start + size <= len(self._data):
            return self._data[start : start + size]
        if size < self._size:
            grown = 0 <= at - self._start <= len(self._data) + LAP
            self._size = min(BLOCK, 2 * self._size) if grown else max(FIRST, self._size // 4)
        self._data = self.view.read(at, max(size, self._size))
        self._start = at
        return self._data[:size]

    def search(self, pattern: re.Pattern[bytes], at: int, end: int | None = None) -> tuple[int, re.Match[bytes]] | None:
        """Where `pattern` is first found from `at` on, and the match; `end` bounds where it may begin."""
        size = 1 << 10
        while self.left > 0 and (end is None or at < end):
            self.peek(at, size)
            found = pattern.search(self._data, at - self._start)
            there = len(self._data) + self._start - at
            if found and found.end() == len(self._data) and there >= size:  # it may go on
                place = self._start + found.start()
                self.peek(place, len(found[0]) + LAP)
                found = pattern.match(self._data, place - self._start) or found
                at = place if found.string is self._data else at
            if found:
                place = self._start + found.start() if found.string is self._data else at
                self.left -= place - at + len(found[0])
                return (place, found) if end is None or place < end else None
            self.left -= there
            if there < size:
                return None
            at += max(1, there - LAP)
            size = min(BLOCK, 4 * size)
        return None
