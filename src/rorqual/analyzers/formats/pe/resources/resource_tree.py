"""The resource tree as stored: directories of type, name and language over data entries; every lie is told.

A directory is 16 bytes and rows of 8: names first, then numbers, each rising, as Windows searches them by halves. A
row leads to a directory (high bit set) or to a data entry. Offsets count from the tree's start, the address of the
data from the image's: https://learn.microsoft.com/windows/win32/debug/pe-format#the-rsrc-section

Each directory is walked once, whoever points to it, so that what is read is bounded by what is there.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.analyzers.formats.pe.resources.resource_leaf import Key, Leaf, Lie
from rorqual.analyzers.formats.pe.resources.resource_names import RESOURCE, escaped
from rorqual.sdk import Hit, Malformed

ENTRIES_MAX = 32_768  # rows followed in one tree; shell32.dll, of the richest known, has some 10,000
LEVELS = 3  # type, name, language: Windows looks for data there and nowhere else
LEVELS_MAX = 8  # directories below are not walked
NAME_MAX = 256  # UTF-16 units of a name that are told
_NAMES_MAX = 1024  # kept at once: types and names come again and again
_PAGE_SHIFT = 14  # the tree is read in pages of 16 KiB: one holds that of all but rich images
_PAGE = 1 << _PAGE_SHIFT
_PAGES_MAX = 64  # kept at once: 1 MiB

_HEAD = struct.Struct("<4xI4xHH")  # of a directory: TimeDateStamp, NumberOfNamedEntries, NumberOfIdEntries
_HEAD_SIZE = 16
_ROW = struct.Struct("<II")
_DATA = struct.Struct("<IIII")  # OffsetToData, Size, CodePage, Reserved
_DEEPER = 0x8000_0000


class _Directory(NamedTuple):
    offset: int
    path: tuple[Key, ...]
    levels: int  # of directories, this one counted
    above: tuple[int, ...]  # the offsets of those it hangs below


class Tree:
    """The tree of an image; `leaves` walks it once, from the first row to the last."""

    def __init__(self, hit: Hit, layout: Layout, rva: int) -> None:
        self._view = hit.view
        self._layout = layout
        self._memory = Memory(layout, hit.view)
        self._pages: dict[int, bytes] = {}
        self._names: dict[int, str] = {}
        self.rva = rva
        self.entries = 0  # rows followed
        self.directories = 0
        self.timestamp = 0  # of the root
        if len(self._read(0, _HEAD_SIZE)) < _HEAD_SIZE:
            raise Malformed(hit.offset, f"a resource directory at RVA {rva:#x}")

    def leaves(self, kinds: frozenset[int] | None = None) -> Iterator[Leaf | Lie]:
        """The leaves of these types (None: all) in the order of the tree, and the lies met on the way."""
        root = _Directory(0, (), 1, ())
        walked = [(root, self._rows(root, kinds))]
        visited = {0}
        while walked:
            directory, rows = walked[-1]
            for row_offset, key, target in rows:
                if isinstance(key, Lie):
                    yield key
                    continue
                if self.entries >= ENTRIES_MAX:
                    proof = f"{ENTRIES_MAX} rows are followed, more are there"
                    yield self._lie("resources_not_told", row_offset, _ROW.size, proof)
                    return
                self.entries += 1
                path = (*directory.path, key) if directory.levels <= LEVELS else directory.path
                if not target & _DEEPER:
                    yield from self._leaf(path, directory.levels, row_offset, target)
                    continue
                offset = target & ~_DEEPER
                below = _Directory(offset, path, directory.levels + 1, (*directory.above, directory.offset))
                lie = self._refused(below, visited, row_offset)
                if lie is not None:
                    yield lie
                if lie is None or (lie.name == "resource_depth" and below.levels <= LEVELS_MAX):
                    visited.add(offset)
                    walked.append((below, self._rows(below, kinds)))
                    break
            else:
                walked.pop()

    def _rows(self, directory: _Directory, kinds: frozenset[int] | None) -> Iterator[tuple[int, Key | Lie, int]]:
        """(offset of the row, key, target) for each row of a directory, or a lie for the key."""
        offset = directory.offset
        head = self._read(offset, _HEAD_SIZE)
        self._view.step()
        self.directories += 1
        timestamp, named, numbered = _HEAD.unpack(head)
        if directory.levels == 1:
            self.timestamp = timestamp
        wanted = min(named + numbered, ENTRIES_MAX + 1 - self.entries)
        first = offset + _HEAD_SIZE
        data = self._read(first, wanted * _ROW.size)
        self._view.step(len(data) // _ROW.size)
        if len(data) < wanted * _ROW.size:
            proof = f"directory at {offset:#x}: {len(data) // _ROW.size} of {named + numbered} rows are mapped"
            yield first, self._lie("resource_directory_cut", offset, _HEAD_SIZE, proof), 0
            data = data[: len(data) // _ROW.size * _ROW.size]
        last = -1
        told: set[str] = set()
        for index, (raw, target) in enumerate(_ROW.iter_unpack(data)):
            at = first + index * _ROW.size
            by_name = bool(raw & _DEEPER)
            if by_name != (index < named) or (not by_name and raw <= last):
                lie = "resource_entries_unsorted" if raw != last else "resource_entries_repeated"
                if lie not in told:
                    told.add(lie)
                    proof = f"directory at {offset:#x}, row {index}: {raw:#x} after {last:#x}, {named} names declared"
                    yield at, self._lie(lie, at, _ROW.size, proof), 0
            if by_name:
                if kinds is None or directory.levels > 1:
                    yield from self._named(at, raw & ~_DEEPER, target)
                continue
            last = raw
            if kinds is None or directory.levels > 1 or raw in kinds:
                yield at, raw, target

    def _named(self, at: int, offset: int, target: int) -> Iterator[tuple[int, Key | Lie, int]]:
        name = self._names.get(offset)
        if name is None:
            length = int.from_bytes(self._read(offset, 2), "little")
            data = self._read(offset + 2, 2 * min(length, NAME_MAX))
            name = escaped(data.decode("utf-16-le", "backslashreplace"))
            if len(data) < 2 * min(length, NAME_MAX) or not self._read(offset, 2):
                proof = f"name at {offset:#x}, {length} characters: {len(data) // 2} are mapped"
                yield at, self._lie("resource_name_outside", at, _ROW.size, proof), 0
            elif length > NAME_MAX:
                proof = f"name at {offset:#x}, {length} characters: the first {NAME_MAX} are told"
                yield at, self._lie("resource_name_cut", at, _ROW.size, proof), 0
            if len(self._names) >= _NAMES_MAX:
                self._names.clear()
            self._names[offset] = name
        yield at, name, target

    def _refused(self, below: _Directory, visited: set[int], row_offset: int) -> Lie | None:
        """Why a directory is not walked, or that it lies deeper than Windows looks."""
        offset = below.offset
        if offset in below.above:
            name, why = "resource_loop", ", which it hangs below"
        elif offset in visited:
            name, why = "resource_directory_shared", ", as another does"
        elif len(self._read(offset, _HEAD_SIZE)) < _HEAD_SIZE:
            name, why = "resource_directory_outside", ": not mapped"
        elif below.levels > LEVELS:
            name, why = "resource_depth", f", level {below.levels} of {LEVELS}"
            why += "; it is not walked" if below.levels > LEVELS_MAX else ""
        else:
            return None
        proof = f"row at {row_offset:#x} leads to the directory at {offset:#x}{why}"
        return self._lie(name, row_offset, _ROW.size, proof)

    def _leaf(self, path: tuple[Key, ...], levels: int, row_offset: int, offset: int) -> Iterator[Leaf | Lie]:
        data = self._read(offset, _DATA.size)
        self._view.step()
        if len(data) < _DATA.size:
            proof = f"row at {row_offset:#x} leads to a data entry at {offset:#x}: not mapped"
            yield self._lie("resource_entry_outside", row_offset, _ROW.size, proof)
            return
        rva, size, code_page, _ = _DATA.unpack(data)
        at, stored, mapped = self._layout.mapped(rva)
        if levels != LEVELS:
            yield self._entry_lie("resource_depth", offset, data, f", below {levels} levels of {LEVELS}")
        if mapped <= 0:
            yield self._entry_lie("resource_outside_image", offset, data, ": not mapped")
        elif size > mapped and not self._goes_on(rva, size):
            why = f": {mapped:#x} bytes are mapped from there"
            yield self._entry_lie("resource_size_past_end", offset, data, why)
        entry_at = self._place(offset)
        yield Leaf(path, levels, rva, size, code_page, entry_at, at, min(size, max(0, stored)))

    def _goes_on(self, rva: int, size: int) -> bool:
        """Whether sections that follow each other hold it all; each has a base of its own, so this ends."""
        end = rva + size
        for _ in range(len(self._layout.sections) + 1):
            self._view.step()
            _, _, mapped = self._layout.mapped(rva)
            if mapped <= 0:
                return False
            rva += mapped
            if rva >= end:
                return True
        return False

    def _entry_lie(self, name: str, offset: int, data: bytes, why: str) -> Lie:
        rva, size, _, _ = _DATA.unpack(data)
        return self._lie(name, offset, _DATA.size, f"data entry at {offset:#x}: RVA {rva:#x}, size {size:#x}{why}")

    def _lie(self, name: str, offset: int, size: int, proof: str) -> Lie:
        rva = self.rva + offset if self._layout.at(self.rva + offset) is not None else self.rva
        return Lie(name, self._place(offset), min(size, self._layout.mapped(rva)[1]), proof)

    def _place(self, offset: int) -> int:
        """Where in the file the tree's byte at the offset lies; the tree's start where that is not in the file."""
        at = self._layout.at(self.rva + offset)
        return at if at is not None else self._layout.at(self.rva) or 0

    def _read(self, offset: int, size: int) -> bytes:
        """The tree's bytes at the offset, short where the mapping ends."""
        number, into = offset >> _PAGE_SHIFT, offset & (_PAGE - 1)
        page = self._pages.get(number)
        if page is None:
            page = self._page(number)
        data = page[into : into + size]
        while len(data) < size and len(page) == _PAGE:
            number += 1
            page = self._pages.get(number) or self._page(number)
            data += page[: size - len(data)]
        return data

    def _page(self, number: int) -> bytes:
        if len(self._pages) >= _PAGES_MAX:
            self._pages.pop(next(iter(self._pages)))
        page = self._memory.read(self.rva + (number << _PAGE_SHIFT), _PAGE)
        self._pages[number] = page
        return page


def tree_of(hit: Hit) -> Tree | None:
    """The resource tree of the image that the hit is about; None where it has none.

    Raises:
        Malformed: the hit is about no PE, or its directory leads nowhere.
    """
    layout = hit.context
    if not isinstance(layout, Layout):
        raise Malformed(hit.offset, "a PE's layout")
    directories = layout.headers.directories
    if len(directories) <= RESOURCE or not directories[RESOURCE].rva:
        return None
    return Tree(hit, layout, directories[RESOURCE].rva)
