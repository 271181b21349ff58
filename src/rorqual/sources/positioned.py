"""Reading and writing at a place: `pread` and its kin where the system has them, else seek and read under a lock."""

import os
import threading

_HAS_PREAD = hasattr(os, "pread")
_HAS_PREADV = hasattr(os, "preadv")
_lock = threading.Lock()


def pread(fd: int, size: int, offset: int) -> bytes:
    """At most `size` bytes at `offset`, as `os.pread`."""
    if _HAS_PREAD:
        return os.pread(fd, size, offset)
    with _lock:
        os.lseek(fd, offset, os.SEEK_SET)
        return os.read(fd, size)


def preadv(fd: int, buffer: memoryview, offset: int) -> int:
    """Fills as much of the buffer as one read gives, and returns how much."""
    if _HAS_PREADV:
        return os.preadv(fd, [buffer], offset)
    data = pread(fd, len(buffer), offset)
    buffer[: len(data)] = data
    return len(data)


def readv(fd: int, buffer: memoryview) -> int:
    """Fills as much of the buffer as one read from a stream gives, and returns how much."""
    if _HAS_PREADV:
        return os.readv(fd, [buffer])
    data = os.read(fd, len(buffer))
    buffer[: len(data)] = data
    return len(data)


def pread_all(fd: int, size: int, offset: int) -> bytes:
    """`size` bytes at `offset`, fewer only where the file ends."""
    data = pread(fd, size, offset)
    while len(data) < size and (more := pread(fd, size - len(data), offset + len(data))):
        data += more
    return data


def pwrite_all(fd: int, data: bytes | memoryview, offset: int) -> None:
    """Writes all of the data at `offset`."""
    view = memoryview(data)
    while view:
        if _HAS_PREAD:
            done = os.pwrite(fd, view, offset)
        else:
            with _lock:
                os.lseek(fd, offset, os.SEEK_SET)
                done = os.write(fd, view)
        view, offset = view[done:], offset + done
