"""A stream made into a source: what was read once from a pipe or a decoder is kept on bounded disk.

Reading at the frontier gives new bytes and spools them; reading behind it comes from the spool. Past its ceiling the
spool keeps nothing, the frontier goes on: whoever sees every byte still does, and who comes back later is told.
"""

import select
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

from rorqual.sources.positioned import pread_all, pwrite_all, readv
from rorqual.sources.view import Unreadable

STEP = 1 << 20  # bytes drawn at once when someone reads ahead of the frontier

Draw = Callable[[memoryview], int]


class Spill:
    """One unlinked file that streams spool into one after another: many of them take one descriptor."""

    def __init__(self, open_file: Callable[[], BinaryIO]) -> None:
        self._open = open_file
        self._file: BinaryIO | None = None
        self.end = 0

    def write(self, data: memoryview) -> None:
        """Appends.

        Raises:
            OSError: the disk refuses.
        """
        if self._file is None:
            self._file = self._open()
        pwrite_all(self._file.fileno(), data, self.end)
        self.end += len(data)

    def read(self, offset: int, size: int) -> bytes:
        """Bytes that were written."""
        assert self._file is not None
        return pread_all(self._file.fileno(), size, offset)

    def close(self) -> None:
        """Gives back the disk."""
        if self._file is not None:
            self._file.close()
            self._file = None


class SpooledSource:
    """A source over a stream. `draw` fills a buffer and returns the count of bytes, 0 at the end.

    It spools into `spill`, at most `ceiling` bytes; nobody else may write there until this stream has ended. What
    lies at or behind the ceiling is refused to `read_at` always, so that what is refused does not depend on how far
    the frontier is.
    """

    def __init__(
        self,
        draw: Draw,
        spill: Spill,
        ceiling: int,
        *,
        close: Callable[[], None] | None = None,  # gives back what is drawn from
    ) -> None:
        self._draw = draw
        self._spill = spill
        self._start = spill.end
        self._close = close
        self.ceiling = ceiling
        self._kept = 0  # bytes in the spool
        self._frontier = 0  # bytes drawn
        self._ended = False
        self._refusal: Unreadable | None = None
        self._broken: Unreadable | None = None
        self._pending = b""  # drawn ahead of the frontier, and refused by the disk
        self._lock = threading.Lock()

    @property
    def size(self) -> int | None:
        """In bytes; None until the end was reached."""
        return self._frontier if self._ended else None

    def read_at(self, offset: int, size: int, /) -> bytes:
        with self._lock:
            while self._frontier < min(offset + size, self.ceiling) and not self._ended:
                if self._refusal is not None:
                    raise self._refusal  # drawing now would lose what nobody has seen
                ahead = memoryview(bytearray(min(STEP, self.ceiling - self._frontier)))
                got = self._pull(ahead)
                if self._refusal is not None:
                    self._pending = bytes(ahead[:got])
                    self._frontier -= got
            if offset + size > self.ceiling <= self._frontier:
                raise Unreadable(max(offset, self.ceiling), "past the spool's ceiling", "limit")
            size = min(size, self._frontier - offset)
            if size <= 0:
                return b""
            return self._spooled(offset, size)

    def read_into(self, offset: int, buffer: memoryview, /) -> int:
        with self._lock:
            behind = min(len(buffer), self._frontier - offset)
            if behind > 0:
                buffer[:behind] = self._spooled(offset, behind)
            return self._fill(buffer, max(0, behind))

    def changes(self) -> str | None:
        return None

    def release(self) -> None:
        """Gives back the disk, where nobody has spooled behind this stream."""
        if self._spill.end == self._start + self._kept:
            self._spill.end = self._start

    def close(self) -> None:
        """Gives back the disk, and what was drawn from."""
        self._spill.close()
        if self._close is not None:
            self._close()
            self._close = None

    def _spooled(self, offset: int, size: int) -> bytes:
        if offset + size > self._kept:
            raise self._refusal or Unreadable(max(offset, self._kept), "past the spool's ceiling", "limit")
        data = self._spill.read(self._start + offset, size)
        if len(data) < size:
            raise Unreadable(offset + len(data), "the spool is shorter than what was written to it")
        return data

    def _fill(self, buffer: memoryview, got: int) -> int:
        """Draws until the buffer, which holds `got` bytes, is full or the stream ends."""
        while got < len(buffer):
            try:
                part = self._pull(buffer[got:])
            except Unreadable:
                if not got:
                    raise
                break  # what there is comes first; who asks for more is told
            if not part:
                break
            got += part
        return got

    def _pull(self, buffer: memoryview) -> int:
        """Draws once, and spools what came."""
        if self._broken is not None:
            raise self._broken
        if self._ended or not buffer:
            return 0
        if self._pending:
            got = min(len(buffer), len(self._pending))
            buffer[:got] = self._pending[:got]
            self._pending = self._pending[got:]
            self._frontier += got
            return got
        try:
            got = self._draw(buffer)
        except Unreadable as error:
            self._broken = error
            raise
        if not got:
            self._ended = True
            return 0
        if self._kept == self._frontier and self._refusal is None:
            part = buffer[: min(got, self.ceiling - self._kept)]
            try:
                self._spill.write(part)
            except OSError as error:
                why = f"the spool could not be written: {error.strerror}"
                self._refusal = Unreadable(self._kept, why, "machine")
            else:
                self._kept += len(part)
        self._frontier += got
        return got


def draw_pipe(fd: int) -> Draw:
    """Draws from a pipe, socket or terminal; an I/O error is Unreadable."""
    at = 0

    def draw(buffer: memoryview) -> int:
        nonlocal at
        try:
            got = readv(fd, buffer)
        except OSError as error:
            raise Unreadable(at, error.strerror or str(error)) from error
        at += got
        return got

    return draw


def draw_stream(stream: BinaryIO) -> Draw:
    """Draws from an open binary stream, what it has buffered first; an I/O error is Unreadable."""
    once: Callable[[memoryview], int | None] | None = getattr(stream, "readinto1", None)
    at = 0

    def draw(buffer: memoryview) -> int:
        nonlocal at
        while True:
            try:
                if once is not None:
                    got = once(buffer)
                else:
                    data: bytes | None = stream.read(len(buffer))
                    got = None if data is None else len(data)
                    buffer[: got or 0] = data or b""
            except OSError as error:
                raise Unreadable(at, error.strerror or str(error)) from error
            if got is not None:
                at += got
                return got
            select.select([stream], [], [])  # it does not block, and has nothing yet

    return draw


def draw_pieces(pieces: Iterator[bytes]) -> Draw:
    """Draws from a decoder that yields its output piece by piece."""
    rest = memoryview(b"")

    def draw(buffer: memoryview) -> int:
        nonlocal rest
        while not rest:
            piece = next(pieces, None)
            if piece is None:
                return 0
            rest = memoryview(piece)
        part = rest[: len(buffer)]
        buffer[: len(part)] = part
        rest = rest[len(part) :]
        return len(part)

    return draw
