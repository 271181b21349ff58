"""Single resources by type and name, without walking the tree: three directories are read, whatever their size.

https://learn.microsoft.com/windows/win32/debug/pe-format#the-rsrc-section
"""

import struct
from typing import NamedTuple

from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory

RESOURCE = 2  # the directory's index
RCDATA, MANIFEST = 10, 24
ROWS_MAX = 1024  # of a directory; the types and the raw data of real images are below a hundred
NAMES_MAX = 64  # named rows whose names are read
NAME_UNITS = 32  # longer names are not looked for

_HEAD = struct.Struct("<12xHH")
_ROW = struct.Struct("<II")
_DATA = struct.Struct("<II8x")
_DEEPER = 0x8000_0000


class Resource(NamedTuple):
    """Where a resource's data lies."""

    rva: int
    size: int


class Resources:
    """The resources of an image; directories are read once."""

    def __init__(self, layout: Layout, memory: Memory) -> None:
        directory = next(iter(layout.headers.directories[RESOURCE : RESOURCE + 1]), None)
        self._rva = directory.rva if directory is not None and directory.size else 0
        self._memory = memory
        self._read: dict[int, dict[int | str, int]] = {}

    def find(self, kind: int | str, name: int | str | None) -> Resource | None:
        """The first language of a resource; None: the first name, too."""
        if not self._rva:
            return None
        below = self._directory(0).get(kind, 0)
        if not below & _DEEPER:
            return None
        rows = self._directory(below & ~_DEEPER)
        target = next(iter(rows.values()), 0) if name is None else rows.get(name, 0)
        if target & _DEEPER:
            target = next(iter(self._directory(target & ~_DEEPER).values()), _DEEPER)
        if not target or target & _DEEPER:
            return None
        data = self._memory.read(self._rva + target, _DATA.size)
        return Resource(*_DATA.unpack(data)) if len(data) == _DATA.size else None

    def _directory(self, offset: int) -> dict[int | str, int]:
        """Targets by id or name; names in capitals, as resource compilers store them."""
        known = self._read.get(offset)
        if known is not None:
            return known
        rows: dict[int | str, int] = {}
        head = self._memory.read(self._rva + offset, _HEAD.size)
        if len(head) == _HEAD.size:
            named, numbered = _HEAD.unpack(head)
            data = self._memory.read(self._rva + offset + _HEAD.size, min(named + numbered, ROWS_MAX) * _ROW.size)
            entries = list(_ROW.iter_unpack(data[: len(data) // _ROW.size * _ROW.size]))
            for number, (key, target) in enumerate(entries):
                if not key & _DEEPER:
                    rows.setdefault(key, target)
                elif number < NAMES_MAX:
                    rows.setdefault(self._name(key & ~_DEEPER), target)
        self._read[offset] = rows
        return rows

    def _name(self, offset: int) -> str:
        data = self._memory.read(self._rva + offset, 2 + 2 * NAME_UNITS)
        length = int.from_bytes(data[:2], "little")
        return data[2 : 2 + 2 * min(length, NAME_UNITS)].decode("utf-16-le", "replace").upper()
