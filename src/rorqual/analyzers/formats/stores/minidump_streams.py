"""What the streams of a minidump lead to.

https://learn.microsoft.com/windows/win32/api/minidumpapiset/: MINIDUMP_THREAD, _MODULE, _MEMORY_DESCRIPTOR,
_MEMORY64_LIST, _EXCEPTION_STREAM, _SYSTEM_INFO, _HANDLE_DATA_STREAM, _UNLOADED_MODULE_LIST, _THREAD_NAME_LIST.
"""

import struct
from collections.abc import Callable

from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import View

SPANS_MOST = 1 << 17
ROWS_MOST = 1 << 16
MODULES_TOLD = 64
PLACE_MOST = 1 << 48
NAME_MOST = 1024
THREADS, MODULES, MEMORY, EXCEPTION, SYSTEM, MEMORY64, HANDLES, UNLOADED, THREAD_NAMES = 3, 4, 5, 6, 7, 9, 12, 14, 24
THREAD, MODULE = 48, 108


class Places:
    """Where something lies, and what was told on the way."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.spans: list[tuple[int, int]] = []
        self.end = 0
        self.complete = True
        self.architecture: int | None = None
        self.system: str | None = None
        self.threads = 0
        self.modules: list[str] = []
        self.module_count = 0
        self.memory = 0
        self.exception: tuple[int, int] | None = None

    def add(self, at: int, size: int) -> None:
        """Takes a place; empty ones and those before the header's end are none."""
        if not size or not at < PLACE_MOST - size:
            return
        self.end = max(self.end, at + size)
        if len(self.spans) < SPANS_MOST:
            self.spans.append((at, at + size))
        else:
            self.complete = False

    def string(self, at: int) -> str | None:
        """A string: bytes, UTF-16, a zero."""
        if at < 32:
            return None
        size = int.from_bytes(self.view.read(at, 4), "little")
        if not 0 < size < 1 << 16 or size & 1:
            return None
        self.add(at, 4 + size + 2)
        raw = self.view.read(at + 4, min(size, NAME_MOST))
        text = raw.decode("utf-16-le", "replace")
        return text if text.isprintable() else printable(raw)


def walk(view: View, kind: int, at: int, size: int, places: Places) -> None:
    """Takes what a stream leads to."""
    read = _READERS.get(kind)
    if read is not None:
        read(view, at, size, places)
    elif kind not in _PLAIN:
        places.complete = False  # nobody knows what it leads to


def _rows(view: View, at: int, size: int, width: int, head: int = 4) -> list[bytes]:
    count = int.from_bytes(view.read(at, 4), "little")
    if (size - head) % width == 4 and head == 4:  # some writers align the rows
        head = 8
    count = min(count, max(0, size - head) // width, ROWS_MOST)
    view.step(count)
    data = view.read(at + head, count * width)
    return [data[start : start + width] for start in range(0, len(data) - width + 1, width)]


def _threads(view: View, at: int, size: int, places: Places) -> None:
    for row in _rows(view, at, size, THREAD):
        places.threads += 1
        stack_size, stack_at, context_size, context_at = struct.unpack_from("<4I", row, 32)
        places.add(stack_at, stack_size)
        places.add(context_at, context_size)


def _modules(view: View, at: int, size: int, places: Places) -> None:
    for row in _rows(view, at, size, MODULE):
        places.module_count += 1
        name = places.string(int.from_bytes(row[20:24], "little"))
        if name is not None and len(places.modules) < MODULES_TOLD:
            places.modules.append(name)
        for record in (76, 84):
            length, place = struct.unpack_from("<2I", row, record)
            places.add(place, length)


def _memory(view: View, at: int, size: int, places: Places) -> None:
    for row in _rows(view, at, size, 16):
        length, place = struct.unpack_from("<2I", row, 8)
        places.memory += length
        places.add(place, length)


def _memory64(view: View, at: int, size: int, places: Places) -> None:
    base = int.from_bytes(view.read(at + 8, 8), "little")
    total = sum(int.from_bytes(row[8:], "little") for row in _rows(view, at, size, 16, head=16))
    places.memory += total
    places.add(base, total)


def _exception(view: View, at: int, size: int, places: Places) -> None:
    raw = view.read(at, min(size, 168))
    if len(raw) < 168:
        return
    places.exception = struct.unpack_from("<I12xQ", raw, 8)
    length, place = struct.unpack_from("<2I", raw, 160)
    places.add(place, length)


def _system(view: View, at: int, size: int, places: Places) -> None:
    raw = view.read(at, min(size, 32))
    if len(raw) < 32:
        return
    places.architecture = int.from_bytes(raw[:2], "little")
    places.system = ".".join(map(str, struct.unpack_from("<3I", raw, 8)))
    places.string(int.from_bytes(raw[24:28], "little"))


def _handles(view: View, at: int, size: int, places: Places) -> None:
    head, width, count = struct.unpack("<3I", view.read(at, 12).ljust(12, b"\0"))
    if width < 32 or head < 16:
        return
    data = view.read(at + head, width * min(count, ROWS_MOST, size // width))
    for start in range(0, len(data) - width + 1, width):
        for place in struct.unpack_from("<2I", data, start + 8):
            places.string(place)
    places.complete = places.complete and width == 32  # longer rows lead to more


def _unloaded(view: View, at: int, size: int, places: Places) -> None:
    head, width, count = struct.unpack("<3I", view.read(at, 12).ljust(12, b"\0"))
    if width < 24 or head < 12:
        return
    data = view.read(at + head, width * min(count, ROWS_MOST, size // width))
    for start in range(0, len(data) - width + 1, width):
        places.string(int.from_bytes(data[start + 20 : start + 24], "little"))


def _thread_names(view: View, at: int, size: int, places: Places) -> None:
    for row in _rows(view, at, size, 12):
        places.string(int.from_bytes(row[4:12], "little"))


_READERS: dict[int, Callable[[View, int, int, Places], None]] = {
    THREADS: _threads, MODULES: _modules, MEMORY: _memory, EXCEPTION: _exception, SYSTEM: _system,
    MEMORY64: _memory64, HANDLES: _handles, UNLOADED: _unloaded, THREAD_NAMES: _thread_names,
}  # fmt: skip
_PLAIN = {15, 16, 17, 21, 22}  # of these streams all is in themselves
