"""A stream made into a source: what was read once from a pipe or a decoder is kept on bounded disk.

Reading at the frontier gives new bytes and spools them; reading behind it comes from the spool. Past its ceiling the
spool keeps nothing, the frontier goes on: whoever sees every byte still does, and who comes back later is told.
"""

import os
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

from rorqual.sources.view import Unreadable

STEP = 1 << 20  # bytes drawn at once when someone reads ahead of the frontier

Draw = Callable[[memoryview], int]


class SpooledSource:
    """A source over a stream. `draw` fills a buffer and returns the count of bytes, 0 at the end.

    `open_spool` opens an unlinked file on disk, at the first byte; `ceiling` is its greatest size in bytes.
    """

    def __init__(
        self,
        draw: Draw,
        open_spool: Callable[[], BinaryIO],
        ceiling: int,
        *,
        close: Callable[[], None] | None = None,  # gives back what is drawn from
    ) -> None:
        self._draw = draw
        self._open = open_spool
        self._close = close
        self._ceiling = ceiling
        self._file: BinaryIO | None = None
        self._kept = 0  # bytes in the spool
        self._frontier = 0  # bytes drawn
        self._ended = False
        self._refusal = "past the spool's ceiling"
        self._lock = threading.Lock()

    @property
    def size(self) -> int | None:
        """In bytes; None until the end was reached."""
        return self._frontier if self._ended else None

    def read_at(self, offset: int, size: int, /) -> bytes:
        with self._lock:
            while self._frontier < offset + size and not self._ended:
                self._require(self._frontier < self._ceiling, self._frontier)
                buffer = memoryview(bytearray(STEP))
                self._pull(buffer)
            size = min(size, self._frontier - offset)
            if size <= 0:
                return b""
            self._require(offset + size <= self._kept, self._kept)
        assert self._file is not None
        return _pread(self._file.fileno(), size, offset)

    def read_into(self, offset: int, buffer: memoryview, /) -> int:
        with self._lock:
            if offset == self._frontier:
                return self._fill(buffer)
            behind = min(len(buffer), self._kept - offset)
            self._require(behind > 0 or self._ended, offset)
            if behind > 0:
                assert self._file is not None
                buffer[:behind] = _pread(self._file.fileno(), behind, offset)
            if behind < len(buffer) and offset + behind == self._frontier:
                return behind + self._fill(buffer[behind:])
            return max(0, behind)

    def changes(self) -> str | None:
        return None

    def close(self) -> None:
        """Gives back the disk, and what was drawn from."""
        if self._close is not None:
            self._close()
            self._close = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _require(self, held: bool, offset: int) -> None:
        if not held:
            raise Unreadable(offset, self._refusal)

    def _fill(self, buffer: memoryview) -> int:
        got = 0
        while got < len(buffer) and (part := self._pull(buffer[got:])):
            got += part
        return got

    def _pull(self, buffer: memoryview) -> int:
        """Draws once, and spools what came."""
        if self._ended:
            return 0
        got = self._draw(buffer)
        if not got:
            self._ended = True
            return 0
        if self._kept == self._frontier:
            self._keep(buffer[: min(got, self._ceiling - self._kept)])
        self._frontier += got
        return got

    def _keep(self, data: memoryview) -> None:
        try:
            if self._file is None:
                self._file = self._open()
            at = 0
            while at < len(data):
                at += os.pwrite(self._file.fileno(), data[at:], self._kept + at)
        except OSError as error:
            self._refusal = f"the spool could not be written: {error.strerror}"
            self._ceiling = self._kept
            return
        self._kept += len(data)


def _pread(fd: int, size: int, offset: int) -> bytes:
    data = os.pread(fd, size, offset)
    while len(data) < size and (more := os.pread(fd, size - len(data), offset + len(data))):
        data += more
    if len(data) < size:
        raise Unreadable(offset + len(data), "the spool is shorter than what was written to it")
    return data


def draw_pipe(fd: int) -> Draw:
    """Draws from a pipe, socket or terminal; an I/O error is Unreadable."""
    at = 0

    def draw(buffer: memoryview) -> int:
        nonlocal at
        try:
            got = os.readv(fd, [buffer])
        except OSError as error:
            raise Unreadable(at, error.strerror or str(error)) from error
        at += got
        return got

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
