"""Bytes from storage: a file or a block device, read by `pread`: a file cut short is a short read, not SIGBUS."""

import errno
import os
import stat

from rorqual.sources.positioned import pread_all, preadv
from rorqual.sources.view import Unreadable


class FileSource:
    """A regular file or block device, by path or descriptor; what it was at opening is what is reported.

    Raises:
        FileNotFoundError, IsADirectoryError, PermissionError, OSError: as `open` does, with the path in the message.
    """

    def __init__(self, path: str | os.PathLike[str] | int) -> None:
        self.path = None if isinstance(path, int) else os.fspath(path)
        if isinstance(path, int):
            self._fd = os.dup(path)
        else:
            self._fd = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
        status = os.fstat(self._fd)
        if stat.S_ISDIR(status.st_mode):
            os.close(self._fd)
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        self._opened = _identity(status)
        self.size = status.st_size if stat.S_ISREG(status.st_mode) else os.lseek(self._fd, 0, os.SEEK_END)

    def read_at(self, offset: int, size: int, /) -> bytes:
        size = min(size, self.size - offset)
        if size <= 0:
            return b""
        try:
            data = pread_all(self._fd, size, offset)
        except OSError as error:
            raise Unreadable(offset, error.strerror or str(error)) from error
        if len(data) < size:
            raise Unreadable(offset + len(data), f"the file ends here, of {self.size} bytes when it was opened")
        return data

    def read_into(self, offset: int, buffer: memoryview, /) -> int:
        size = min(len(buffer), self.size - offset)
        got = 0
        while got < size:
            try:
                part = preadv(self._fd, buffer[got:size], offset + got)
            except OSError as error:
                if got:
                    break  # what there is comes first; who asks for more is told
                raise Unreadable(offset + got, error.strerror or str(error)) from error
            if not part:
                break
            got += part
        return got

    def changes(self) -> str | None:
        """What is different from when the file was opened, in words; None where nothing is."""
        now = _identity(os.fstat(self._fd))
        if now != self._opened:
            return f"size and time of change went from {self._opened[2:]} to {now[2:]} while it was read"
        if self.path is None:
            return None
        try:
            there = _identity(os.stat(self.path))
        except OSError:
            return "the file was removed while it was read"
        if there[:2] != now[:2]:
            return "another file took its place while it was read"
        return None

    def close(self) -> None:
        os.close(self._fd)


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


class MemorySource:
    """Bytes that are in memory already."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self._data = memoryview(data)
        self.size = len(self._data)

    def read_at(self, offset: int, size: int, /) -> bytes:
        return bytes(self._data[offset : offset + max(0, size)])

    def read_into(self, offset: int, buffer: memoryview, /) -> int:
        part = self._data[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        return len(part)

    def changes(self) -> str | None:
        return None

    def close(self) -> None:
        """Nothing to give back."""
