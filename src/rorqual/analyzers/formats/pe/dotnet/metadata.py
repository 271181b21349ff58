"""The metadata of a managed image: its streams, heaps and tables, read where they are asked for.

ECMA-335, partition II, section 24.2: a root with the signature "BSJB" and a version, a directory of streams, the
heaps #Strings, #US, #GUID and #Blob, and the tables in #~ (or #-, as compilers under way write them).
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.pe.dotnet.tables import LAST, Table, is_known, rows_in, tables
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.sdk import Malformed, View

SIGNATURE = b"BSJB"
VERSION_MAX = 255  # bytes, by the standard
STREAMS_MAX = 64  # read; compilers write five or six
NAME_MAX = 32  # bytes of a stream's name, by the standard
STRING_MAX = 1024  # bytes told of a name; compilers write no more
BLOB_MAX = 1 << 16  # bytes read of a blob
ROWS_MAX = 1 << 24  # of a table, by the standard's tokens
PIECE = 1 << 16  # bytes of a table read at once
_ROOT = struct.Struct("<4sHHII")
_STREAM = struct.Struct("<II")
_TABLES = struct.Struct("<IBBBBQQ")
_EXTRA_DATA = 0x40  # of HeapSizes: four bytes stand behind the counts of rows


class Stream(NamedTuple):
    """A stream; `rva` and `size` as the directory gives them."""

    name: bytes
    rva: int
    size: int


class Metadata:
    """The metadata at an address.

    Raises:
        Malformed: there is none.
    """

    def __init__(self, memory: Memory, view: View, rva: int, size: int) -> None:
        self._memory = memory
        self._view = view
        self.rva, self.size = rva, size
        head = memory.exact(rva, _ROOT.size)
        signature, self.major, self.minor, _, length = _ROOT.unpack(head)
        if signature != SIGNATURE:
            raise Malformed(view.offset, f"BSJB at RVA {rva:#x}")
        if length > VERSION_MAX + 1:
            raise Malformed(view.offset, f"a version of at most {VERSION_MAX} bytes, not {length}")
        self.version = memory.exact(rva + _ROOT.size, length).split(b"\0", 1)[0]
        at = rva + _ROOT.size + length
        self.declared = int.from_bytes(memory.exact(at + 2, 2), "little")  # streams
        self.streams = tuple(self._streams(at + 4))
        self.tables: dict[int, Table] = {}
        self.unknown: tuple[int, ...] = ()  # tables that the standard does not have
        self._tables_end = 0
        self._strings = self._first(b"#Strings")
        self._guids = self._first(b"#GUID")
        self._blobs = self._first(b"#Blob")
        stream = self._first(b"#~") or self._first(b"#-")
        if stream is not None:
            self._read_tables(stream)

    def rows(self, number: int) -> Iterator[tuple[int, ...]]:
        """The rows of a table that are there."""
        table = self.tables.get(number)
        left = table.size if table is not None else 0
        at = table.at if table is not None else 0
        piece = PIECE - PIECE % table.row.size if table is not None else 0
        while table is not None and left > 0:
            data = self._memory.read(at, min(piece, left, max(0, self._tables_end - at)))
            if len(data) < table.row.size:
                return
            self._view.step(len(data) // table.row.size)
            yield from rows_in(table, data)
            at += len(data)
            left -= len(data)

    def row(self, number: int, index: int) -> tuple[int, ...] | None:
        """The row of that index, which counts from 1."""
        table = self.tables.get(number)
        if table is None or not 1 <= index <= table.rows:
            return None
        at = table.at + (index - 1) * table.row.size
        data = self._memory.read(at, table.row.size)
        whole = len(data) == table.row.size and at + len(data) <= self._tables_end
        return table.row.unpack(data) if whole else None

    def string(self, index: int) -> bytes:
        """A name from #Strings, in UTF-8; empty where the index leads out of it."""
        heap = self._strings
        if heap is None or not 0 < index < heap.size:
            return b""
        most = min(STRING_MAX, heap.size - index)
        data = self._memory.read(heap.rva + index, min(64, most))
        if b"\0" not in data and len(data) < most:
            data = self._memory.read(heap.rva + index, most)
        return data.split(b"\0", 1)[0]

    def guid(self, index: int) -> str | None:
        """A GUID; indexes count from 1."""
        heap = self._guids
        if heap is None or not 0 < index * 16 <= heap.size:
            return None
        data = self._memory.read(heap.rva + (index - 1) * 16, 16)
        return guid_text(data) if len(data) == 16 else None

    def blob(self, index: int) -> bytes:
        """A blob; empty where the index leads out of the heap."""
        heap = self._blobs
        if heap is None or not 0 < index < heap.size:
            return b""
        size, head = compressed(self._memory.read(heap.rva + index, 4))
        return self._memory.read(heap.rva + index + head, min(size, BLOB_MAX, heap.size - index)) if head else b""

    def _first(self, name: bytes) -> Stream | None:
        return next((stream for stream in self.streams if stream.name == name), None)

    def _streams(self, at: int) -> Iterator[Stream]:
        for _ in range(min(self.declared, STREAMS_MAX)):
            data = self._memory.read(at, _STREAM.size + NAME_MAX)
            name, nul, _ = data[_STREAM.size :].partition(b"\0")
            if not nul:
                return
            offset, size = _STREAM.unpack_from(data)
            yield Stream(name, self.rva + offset, size)
            at += _STREAM.size + (len(name) // 4 + 1) * 4

    def _read_tables(self, stream: Stream) -> None:
        data = self._memory.read(stream.rva, _TABLES.size)
        if len(data) < _TABLES.size:
            return
        _, _, _, heap_sizes, _, valid, _ = _TABLES.unpack(data)
        numbers = [number for number in range(64) if valid >> number & 1]
        data = self._memory.read(stream.rva + _TABLES.size, 4 * len(numbers))
        if len(data) < 4 * len(numbers):
            return
        counts = dict(zip(numbers, struct.unpack(f"<{len(numbers)}I", data), strict=True))
        self.unknown = tuple(number for number in numbers if not is_known(number))
        known = {number: min(count, ROWS_MAX) for number, count in counts.items() if number <= LAST}
        at = stream.rva + _TABLES.size + len(data) + (4 if heap_sizes & _EXTRA_DATA else 0)
        self.tables = tables(at, known, heap_sizes)
        self._tables_end = stream.rva + stream.size


def compressed(data: bytes) -> tuple[int, int]:
    """(number, its bytes) of a compressed unsigned integer; no bytes where it is none (section 23.2)."""
    if not data:
        return 0, 0
    if data[0] < 0x80:
        return data[0], 1
    if data[0] < 0xC0 and len(data) >= 2:
        return (data[0] & 0x3F) << 8 | data[1], 2
    if data[0] < 0xE0 and len(data) >= 4:
        return int.from_bytes(data[:4], "big") & 0x1FFFFFFF, 4
    return 0, 0


def guid_text(data: bytes) -> str:
    """A GUID as registries write it, without braces."""
    first, second, third = struct.unpack_from("<IHH", data)
    return f"{first:08x}-{second:04x}-{third:04x}-{data[8:10].hex()}-{data[10:16].hex()}"
