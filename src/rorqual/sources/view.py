"""A window on a source: slices are free, reads burn fuel, and the length is never revealed."""

import io
from typing import Protocol

Steps = tuple[tuple[int, str], ...]


class Malformed(Exception):
    """The bytes are not what the trigger hoped for; `offset` counts in the source, `expected` says what was hoped."""

    def __init__(self, offset: int, expected: str) -> None:
        super().__init__(f"offset {offset:#x}: expected {expected}")
        self.offset = offset
        self.expected = expected


class Unreadable(Exception):
    """The storage did not give bytes it should have. `reason` says why: an I/O error or a file that shrank
    ("unreadable"), a spool past its ceiling ("limit"), a disk that refused ("machine")."""

    def __init__(self, offset: int, why: str, reason: str = "unreadable") -> None:
        super().__init__(f"offset {offset:#x}: {why}")
        self.offset = offset
        self.why = why
        self.reason = reason


class OutOfFuel(Exception):
    """One examination has used up what it may read or the steps it may take."""

    def __init__(self, offset: int, allowance: int) -> None:
        super().__init__(f"offset {offset:#x}: the examination used up its allowance of {allowance}")
        self.offset = offset
        self.allowance = allowance


class Source(Protocol):
    """Random access to bytes; a short read happens only at the end.

    Raises:
        Unreadable: from either method, where the storage fails.
    """

    def read_at(self, offset: int, size: int, /) -> bytes:
        """The bytes from `offset`, at most `size`, fewer only at the end."""
        ...

    def read_into(self, offset: int, buffer: memoryview, /) -> int:
        """Fills `buffer` from `offset` and returns the count of bytes, less than its length only at the end."""
        ...


class Fuel:
    """What one examination may use, in units of about 10 ns: a byte read costs one, a read at least `READ`, a turn
    of a loop `STEP`."""

    READ = 64
    STEP = 32
    __slots__ = ("allowance", "left")

    def __init__(self, allowance: int) -> None:
        self.allowance = allowance
        self.left = allowance

    def burn(self, units: int, offset: int) -> None:
        """Takes `units`; raises OutOfFuel with `offset` once the allowance is gone."""
        self.left -= units
        if self.left < 0:
            raise OutOfFuel(offset, self.allowance)


class View:
    """A window on a source from `offset` (bytes in the source) on; positions `at` count from there."""

    __slots__ = ("_end", "_source", "fuel", "offset", "place")

    def __init__(self, source: Source, place: Steps, offset: int = 0, *, end: int | None = None, fuel: Fuel) -> None:
        self._source = source
        self._end = end
        self.place = place
        self.offset = offset
        self.fuel = fuel

    def read(self, at: int, size: int) -> bytes:
        """At most `size` bytes at `at`, short at the end; a negative place or size reads nothing.

        Raises:
            OutOfFuel: the examination has read enough.
            Unreadable: the storage failed.
        """
        if at < 0 or size <= 0:
            return b""
        offset = self.offset + at
        if offset < 0:
            return b""
        if self._end is not None:
            size = min(size, self._end - offset)
            if size <= 0:
                return b""
        self.fuel.burn(Fuel.READ, offset)
        data = self._source.read_at(offset, min(size, self.fuel.left + Fuel.READ + 1))
        self.fuel.burn(max(0, len(data) - Fuel.READ), offset)
        return data

    def exact(self, at: int, size: int) -> bytes:
        """Just `size` bytes at `at`.

        Raises:
            Malformed: fewer are there.
        """
        data = self.read(at, size)
        if len(data) != size:
            raise Malformed(self.offset + at, f"{size} bytes, found {len(data)}")
        return data

    def holds(self, at: int) -> bool:
        """Whether there is a byte at `at`."""
        return len(self.read(at, 1)) == 1

    def within(self, at: int, size: int) -> int:
        """How many of the `size` bytes at `at` are there (0 to size), found in about log2(size) one-byte reads."""
        if at < 0 or size <= 0 or not self.holds(at):
            return 0
        if self.holds(at + size - 1):
            return size
        inside, outside = 1, size
        while outside - inside > 1:
            middle = (inside + outside) // 2
            if self.holds(at + middle - 1):
                inside = middle
            else:
                outside = middle
        return inside

    def sub(self, at: int, size: int | None = None) -> "View":
        """The view from `at` on, of at most `size` bytes, on the same fuel."""
        offset = self.offset + at
        ends = [end for end in (self._end, None if size is None else offset + size) if end is not None]
        return View(self._source, self.place, offset, end=min(ends, default=None), fuel=self.fuel)

    def step(self, count: int = 1) -> None:
        """Pays for `count` turns of a loop that the bytes drive."""
        self.fuel.burn(count * Fuel.STEP, self.offset)

    def part(self, at: int) -> None:
        """Tells that another part of a stream in parts begins at `at`: a decoder says so, for whoever follows it."""

    def cursor(self, at: int = 0) -> io.BufferedIOBase:
        """A seekable binary file from `at` on, to hand to third-party parsers; reads burn the same fuel."""
        return _Cursor(self.sub(at))


class _Cursor(io.BufferedIOBase):
    def __init__(self, view: View) -> None:
        self._view = view
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence == io.SEEK_END:
            raise io.UnsupportedOperation("a view reveals no length")
        self._at = max(0, offset + (self._at if whence == io.SEEK_CUR else 0))
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            parts = []
            while part := self.read(1 << 16):
                parts.append(part)
            return b"".join(parts)
        data = self._view.read(self._at, size)
        self._at += len(data)
        return data
