"""Read a file of any size in chunks, ranges or views, in the memory of one chunk.

Bytes that are copied out (chunks, ranges, the whole file) come by positional reads
from the descriptor, at every size. Above `mmap_threshold` the file is also mapped, and
`view_range` hands out windows on that map without copying. Chunks do not come from the
map for three measured reasons: walking it page by page takes 1.7 times as long, every
page touched counts towards the resident set, and a file that is cut while mapped kills
the process with SIGBUS. Only a view can meet SIGBUS; a chunk or a range of a file that
was cut raises `FileTruncatedError`.

The size is taken when the reader opens: bytes appended later are not read, and files
whose size the system does not know (procfs) read as empty.
"""

from __future__ import annotations

import mmap
import os
import stat
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from itertools import repeat
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DEFAULT_CHUNK_SIZE = 8 << 20
DEFAULT_MMAP_THRESHOLD = 100 << 20

# macOS before 11 and Windows lack them; there the descriptor is moved under a lock.
_POSITIONAL = hasattr(os, "preadv")

# Opening a named pipe that has taken the file's place must not wait for its writer.
_OPEN = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)

# glibc's DEFAULT_MMAP_THRESHOLD_MAX on 64 bits.
_MALLOC_LEARNS_UP_TO = 32 << 20


class ReaderError(Exception):
    """Anything that `ChunkedFileReader` refuses; each error is also its natural builtin."""


class FileMissingError(ReaderError, FileNotFoundError):
    """The path leads nowhere."""


class DirectoryError(ReaderError, IsADirectoryError):
    """The path or descriptor is a directory."""


class NotARegularFileError(ReaderError, OSError):
    """The path or descriptor is a pipe, a socket or a device: it has no size to read by."""


class ChunkSizeError(ReaderError, ValueError):
    """The chunk size is zero or negative, or the buffer to read into is empty."""


class MmapThresholdError(ReaderError, ValueError):
    """The size above which to map is zero or negative."""


class OverlapError(ReaderError, ValueError):
    """The overlap is negative or leaves no step between two chunks."""


class NegativeRangeError(ReaderError, ValueError):
    """The offset or the size of a range is negative."""


class RangeBeyondEndError(ReaderError, ValueError):
    """A range starts beyond the end of the file."""


class ReaderNotOpenError(ReaderError, RuntimeError):
    """The reader is used before it was opened."""


class ReaderClosedError(ReaderError, RuntimeError):
    """The reader is used after it was closed."""


class FileTruncatedError(ReaderError, OSError):
    """The file has become shorter than it was when the reader opened."""


class LargeReadWarning(UserWarning):
    """`read_all` is about to hold a file above the memory map threshold in memory."""


def aligned_buffer(size: int) -> memoryview:
    """Return `size` writable zero bytes that start on a page, in huge pages where possible.

    A `bytearray` of some megabytes starts 16 bytes into a page, and there AMD's `rep movsb`,
    with which the kernel copies, runs at a fifth of its speed; huge pages save one fault for
    each 4 KiB. The memory goes back to the system with the last view of it.
    """
    if not hasattr(mmap, "MAP_PRIVATE"):
        return memoryview(mmap.mmap(-1, size))
    pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a kernel built without huge pages
            pages.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(pages)


class ChunkedFileReader:
    """A file as chunks of `chunk_size` bytes, as ranges, as views, or whole.

        with ChunkedFileReader("x.exe") as reader:
            for chunk in reader.read_chunks():
                ...

    `path_or_fd` is a path or the descriptor of an open file, which is duplicated: it stays
    open, and stays the caller's to close. `chunk_size` and `mmap_threshold` are in bytes.
    Reads are positional, so one open reader may serve several threads and several iterations
    at once.

    Raises `FileMissingError`, `DirectoryError`, `NotARegularFileError`, `ChunkSizeError` or
    `MmapThresholdError`, and what the system raises (`PermissionError`), here and in `open`.
    """

    _fd: int | None = None
    _map: mmap.mmap | None = None
    _was_open = False

    def __init__(
        self,
        path_or_fd: str | os.PathLike[str] | int,
        chunk_size: int = DEFAULT_CHUNK_SIZE,
        mmap_threshold: int = DEFAULT_MMAP_THRESHOLD,
    ) -> None:
        if isinstance(path_or_fd, int):
            self._target: str | int = path_or_fd
            self._name = f"file descriptor {path_or_fd}"
        else:
            self._target = self._name = os.fspath(path_or_fd)
        if chunk_size <= 0:
            raise ChunkSizeError(f"chunk_size {chunk_size}: must be at least 1 byte")
        if mmap_threshold <= 0:
            raise MmapThresholdError(f"mmap_threshold {mmap_threshold}: must be at least 1 byte")
        self._chunk_size = chunk_size
        self._mmap_threshold = mmap_threshold
        self._seeking = threading.Lock()
        try:
            self._size = self._measured(os.stat(self._target))
        except FileNotFoundError:
            raise FileMissingError(f"{self._name}: no such file") from None

    @property
    def name(self) -> str:
        """The path, or `file descriptor N`, as error messages give it."""
        return self._name

    @property
    def chunk_size(self) -> int:
        """Bytes in each chunk but the last."""
        return self._chunk_size

    @property
    def mmap_threshold(self) -> int:
        """The size in bytes above which the file is also mapped."""
        return self._mmap_threshold

    @property
    def closed(self) -> bool:
        """Whether nothing can be read: not opened yet, or closed."""
        return self._fd is None

    def get_file_size(self) -> int:
        """Return the size in bytes: when the reader opened or, before that, when it was made."""
        return self._size

    def is_using_mmap(self) -> bool:
        """Return whether the file is mapped at this moment: open, above the threshold, mappable."""
        return self._map is not None

    def open(self) -> Self:
        """Open the file, and map it above the threshold; an open reader is left as it is.

        Raises what the constructor raises, since the file may have changed in between.
        """
        if self._fd is not None:
            return self
        try:
            fd = os.dup(self._target) if isinstance(self._target, int) else os.open(self._target, _OPEN)
        except FileNotFoundError:
            raise FileMissingError(f"{self._name}: no such file") from None
        try:
            self._size = self._measured(os.fstat(fd))
        except BaseException:
            os.close(fd)
            raise
        if self._size > self._mmap_threshold:
            # Some file systems cannot map; their files are read all the same.
            with suppress(OSError, ValueError):
                self._map = mmap.mmap(fd, self._size, access=mmap.ACCESS_READ)
        self._fd = fd
        self._was_open = True
        return self

    def close(self) -> None:
        """Close the file; again is harmless. Views handed out stay valid until dropped."""
        fd, self._fd = self._fd, None
        mapped, self._map = self._map, None
        if mapped is not None:
            with suppress(BufferError):  # views are out: the last of them unmaps
                mapped.close()
        if fd is not None:
            os.close(fd)

    def __del__(self) -> None:
        if self._fd is not None:
            self.close()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<ChunkedFileReader {self._name}: {self._size} bytes>"

    def read_chunks(self, *, overlap: int = 0) -> Iterator[bytes]:
        """Yield the file as `bytes` of `chunk_size`, the last one shorter; nothing for an empty file.

        With `overlap`, each chunk begins with the last `overlap` bytes of the one before: windows that
        slide by `chunk_size - overlap`. The iterator keeps no chunk; a loop that drops each one before it
        asks for the next (`sum(map(len, reader.read_chunks()))`) holds one chunk, any other loop two.

        Raises `OverlapError`, `ReaderNotOpenError`, `ReaderClosedError`, and `FileTruncatedError` at the
        chunk that is no longer all there.
        """
        starts = self._starts(self._chunk_size, overlap)
        self._teach_malloc()
        return map(self._exact, starts, repeat(self._chunk_size))

    def enumerate_chunks(self, *, overlap: int = 0) -> Iterator[tuple[int, bytes]]:
        """Yield `(offset, chunk)` for each chunk of `read_chunks`; raises what that raises."""
        starts = self._starts(self._chunk_size, overlap)
        self._teach_malloc()
        return ((offset, self._exact(offset, self._chunk_size)) for offset in starts)

    def read_chunks_into(self, buffer: WriteableBuffer | None = None, *, overlap: int = 0) -> Iterator[memoryview]:
        """Yield the chunks without copying, as views of one buffer that the next chunk overwrites.

        The buffer is the caller's, whose size is then the chunk size, or one `aligned_buffer` of
        `chunk_size`. A view holds its bytes until the next one is asked for.

        Raises what `read_chunks` raises, and `ChunkSizeError` for an empty buffer.
        """
        if buffer is None:
            window = aligned_buffer(max(1, min(self._chunk_size, self._size)))
            size = self._chunk_size
        else:
            window = memoryview(buffer).cast("B")
            size = len(window)
            if size == 0:
                raise ChunkSizeError("buffer: is empty, a chunk needs at least 1 byte")
        return (self._filled(window, offset) for offset in self._starts(size, overlap))

    def read_range(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer where the file ends first.

        Raises `NegativeRangeError`, `RangeBeyondEndError` for a start beyond the end (the end itself gives
        `b""`), `FileTruncatedError`, `ReaderNotOpenError` and `ReaderClosedError`.
        """
        self._check_range(offset, size)
        return self._exact(offset, size)

    def view_range(self, offset: int, size: int) -> memoryview:
        """Return the bytes of `read_range` as a read-only view: of the map, if there is one, without a copy.

        A view of the map shows the file as it is when the view is looked at. If another process cuts the
        file after this call, looking at what was cut kills the process (SIGBUS); for a file that others
        may write, use `read_range`. Raises what `read_range` raises.
        """
        self._check_range(offset, size)
        mapped = self._map
        if mapped is None:
            return memoryview(self._exact(offset, size))
        end = min(offset + size, self._size)
        now = os.fstat(self._opened()).st_size
        if now < end:
            raise self._truncated(now)
        return memoryview(mapped)[offset:end]

    def read_all(self) -> bytes:
        """Return the whole file. Above `mmap_threshold` a `LargeReadWarning` says what that costs.

        Raises `FileTruncatedError`, `ReaderNotOpenError` and `ReaderClosedError`.
        """
        self._opened()
        if self._size > self._mmap_threshold:
            warnings.warn(
                f"{self._name}: read_all holds {self._size} bytes in memory; read_chunks does not",
                LargeReadWarning,
                stacklevel=2,
            )
        return self._exact(0, self._size)

    def _opened(self) -> int:
        if self._fd is not None:
            return self._fd
        if self._was_open:
            raise ReaderClosedError(f"{self._name}: the reader is closed")
        raise ReaderNotOpenError(f"{self._name}: the reader is not open yet; use `with` or open()")

    def _check_range(self, offset: int, size: int) -> None:
        self._opened()
        if offset < 0:
            raise NegativeRangeError(f"offset {offset}: must not be negative")
        if size < 0:
            raise NegativeRangeError(f"size {size}: must not be negative")
        if offset > self._size:
            raise RangeBeyondEndError(f"offset {offset}: beyond the end of {self._name} at {self._size}")

    def _starts(self, size: int, overlap: int) -> range:
        self._opened()
        if not 0 <= overlap < size:
            raise OverlapError(f"overlap {overlap}: must be from 0 to {size - 1}, below the chunk size")
        # A window that held nothing but the overlap would repeat the end of the one before.
        return range(0, max(self._size - overlap, min(self._size, 1)), size - overlap)

    def _teach_malloc(self) -> None:
        """Make glibc keep two chunks on its heap instead of mapping, faulting in and unmapping each.

        It learns both thresholds from the largest mapped block it has freed; this one, of two chunks, is
        allocated by a read at the end of the file that never touches it.
        """
        if self._size > self._chunk_size <= _MALLOC_LEARNS_UP_TO // 2 and _POSITIONAL:
            os.pread(self._opened(), 2 * self._chunk_size, self._size)

    def _exact(self, offset: int, size: int) -> bytes:
        """The bytes from `offset`, `size` of them or up to the end; raises if the file has become shorter."""
        size = min(size, self._size - offset)
        data = self._read(offset, size)
        if len(data) == size:
            return data
        parts = [data]  # the kernel gives at most 2 GiB at once, some file systems less
        have = len(data)
        while have < size:
            data = self._read(offset + have, size - have)
            if not data:
                raise self._truncated(offset + have)
            parts.append(data)
            have += len(data)
        return b"".join(parts)

    def _filled(self, window: memoryview, offset: int) -> memoryview:
        """As `_exact`, into the start of `window`."""
        view = window[: self._size - offset]
        have = 0
        while have < len(view):
            more = self._read_into(view[have:], offset + have)
            if more == 0:
                raise self._truncated(offset + have)
            have += more
        return view

    def _read(self, offset: int, size: int) -> bytes:
        fd = self._opened()
        if _POSITIONAL:
            return os.pread(fd, size, offset)
        with self._seeking:
            os.lseek(fd, offset, os.SEEK_SET)
            return os.read(fd, size)

    def _read_into(self, view: memoryview, offset: int) -> int:
        if _POSITIONAL:
            return os.preadv(self._opened(), [view], offset)
        data = self._read(offset, len(view))
        view[: len(data)] = data
        return len(data)

    def _measured(self, status: os.stat_result) -> int:
        if stat.S_ISREG(status.st_mode):
            return status.st_size
        if stat.S_ISDIR(status.st_mode):
            raise DirectoryError(f"{self._name}: is a directory, not a file")
        raise NotARegularFileError(f"{self._name}: is a pipe, socket or device, not a file")

    def _truncated(self, end: int) -> FileTruncatedError:
        return FileTruncatedError(f"{self._name}: ends at {end}, was {self._size} bytes when it was opened")
