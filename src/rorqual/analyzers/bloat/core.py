"""The image without filler: which bytes are kept, and which header fields change.

A loader maps a section from SizeOfRawData bytes and fills up with zeros to VirtualSize. So a section whose end is
filler is cut there, and one with filler inside becomes two: the first ends in zeros where the filler was, the second
goes on at the next page, at the address at which its bytes were. No address changes, hence no code and no table of
addresses does; what counts in the file (PointerToRawData of all sections, of debug data, of symbols, the place of the
certificates) moves by whole units of FileAlignment.
https://learn.microsoft.com/windows/win32/debug/pe-format

Images are left as they are whose sections share bytes or whose alignments are none, as in drivers mapped flat.
"""

import struct
from bisect import bisect_right
from itertools import pairwise
from typing import NamedTuple

from rorqual.analyzers.bloat.places import is_end
from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.headers import ROW_SIZE, Row
from rorqual.analyzers.formats.pe.layout import PAGE, SECTOR, Layout, Section
from rorqual.sdk import View

_ROW = struct.Struct("<8s6I2HI")
_FILE_HEADER = 4  # IMAGE_FILE_HEADER, behind the signature
_SECTIONS, _SYMBOLS, _CHECKSUM = _FILE_HEADER + 2, _FILE_HEADER + 8, 64
_DIRECTORY = 8
_DEBUG, _DEBUG_ROW, _DEBUG_POINTER, _DEBUG_ROWS = 6, 28, 24, 64
SECTIONS_MAX = 96  # more, and Windows does not load the image

Cut = tuple[int, int]  # start, end
Change = tuple[int, bytes]  # at in the whole file, what stands there in the core


class Plan(NamedTuple):
    """What the image comes to: `cuts` are left out, `changes` made; `left` bytes of filler stay in."""

    cuts: tuple[Cut, ...]
    changes: tuple[Change, ...]
    table: tuple[int, bytes] | None  # the section table anew, which may be longer
    left: int


def plan(view: View, layout: Layout, fillers: list[Cut]) -> Plan:
    """How to leave `fillers` out of the image."""
    wanted = sum(end - start for start, end in fillers)
    optional = layout.headers.optional
    file_unit, page = optional.file_alignment, optional.section_alignment
    sections = sorted((one for one in layout.sections if one.present), key=lambda one: one.at)
    apart = all(one.end <= next_one.at for one, next_one in pairwise(sections))
    whole = len(layout.sections) == layout.headers.coff.number_of_sections
    sound = file_unit >= SECTOR and not file_unit & (file_unit - 1) and page >= PAGE and not page & (page - 1)
    if not fillers or not apart or not whole or not sound:
        return Plan((), (), None, wanted)
    room = _room(view, layout, sections)
    cuts: list[Cut] = []
    rows: dict[int, list[Row]] = {one.number: [one.row] for one in layout.sections}
    for start, end in sorted(fillers):
        holder = next((one for one in sections if one.at <= start < one.end), None)
        if holder is None:
            cut = _up(start, file_unit), end - end % file_unit
            if start >= layout.headers_end and cut[0] < cut[1]:
                cuts.append(cut)
            continue
        last = holder.end if is_end(view, end, holder.end) else end
        made = _shortened(holder, rows[holder.number], (start, last), file_unit, page)
        if made is None or (len(made[1]) > len(rows[holder.number]) and not room):
            continue
        room -= len(made[1]) - len(rows[holder.number])
        rows[holder.number] = made[1]
        cuts.append(made[0])
    if not cuts:
        return Plan((), (), None, wanted)
    cuts.sort()
    order = [row for section in layout.sections for row in rows[section.number]]
    table = b"".join(
        _ROW.pack(*row._replace(raw_pointer=_moved(row.raw_pointer, cuts) if row.has_raw else row.raw_pointer))
        for row in order
    )
    changes = _changes(view, layout, cuts, len(order))
    return Plan(tuple(cuts), changes, (layout.headers.table_at, table), max(0, wanted - sum(b - a for a, b in cuts)))


def _shortened(
    section: Section, rows: list[Row], filler: Cut, file_unit: int, page: int
) -> tuple[Cut, list[Row]] | None:
    """What is cut of the section's last row, and its rows without that."""
    row, at = rows[-1], section.at if len(rows) == 1 else rows[-1].raw_pointer
    start, end = filler
    virtual = row.virtual_size or row.raw_size
    first = at + _up(start - at, file_unit)
    if end >= section.end:
        if first >= section.end:
            return None
        kept = row._replace(raw_size=first - at, virtual_size=virtual)
        return (first, section.end), [*rows[:-1], kept]
    again = at + (end - at) // page * page
    address = row.virtual_address + again - at
    if again <= first or again - at >= virtual or address % page or address >= 1 << 32:
        return None  # too small for a page, or behind what is mapped
    kept = row._replace(raw_size=first - at, virtual_size=again - at)
    rest = row._replace(
        virtual_address=address,
        virtual_size=virtual - (again - at),
        raw_pointer=again,
        raw_size=section.end - again,
    )
    return (first, again), [*rows[:-1], kept, rest]


def _room(view: View, layout: Layout, sections: list[Section]) -> int:
    """How many rows more the section table has room for: bytes that are zeros and belong to nothing."""
    end = layout.headers.table_end
    free = min([layout.headers_end, *(one.at for one in sections)]) - end
    free = min(free, (SECTIONS_MAX - len(layout.sections)) * ROW_SIZE)
    data = view.read(end, max(0, free))
    return (len(data) - len(data.lstrip(b"\0"))) // ROW_SIZE


def _changes(view: View, layout: Layout, cuts: list[Cut], rows: int) -> tuple[Change, ...]:
    headers = layout.headers
    nt, optional = headers.dos.e_lfanew, headers.optional_at
    changes = [(nt + _SECTIONS, rows.to_bytes(2, "little")), (optional + _CHECKSUM, bytes(4))]
    places = [(nt + _SYMBOLS, headers.coff.symbol_table_pointer)]
    if len(headers.directories) > names.SECURITY:
        places.append((headers.directories_at + names.SECURITY * _DIRECTORY, headers.directories[names.SECURITY].rva))
    if len(headers.directories) > _DEBUG and headers.directories[_DEBUG].rva:
        at = layout.at(headers.directories[_DEBUG].rva)
        size = min(headers.directories[_DEBUG].size, _DEBUG_ROWS * _DEBUG_ROW)
        table = b"" if at is None else view.read(at, size)
        for row in range(0, len(table) - _DEBUG_ROW + 1, _DEBUG_ROW):
            pointer = int.from_bytes(table[row + _DEBUG_POINTER :][:4], "little")
            places.append(((at or 0) + row + _DEBUG_POINTER, pointer))
    changes += [(at, _moved(place, cuts).to_bytes(4, "little")) for at, place in places if place]
    return tuple(changes)


def kept(size: int, cuts: tuple[Cut, ...]) -> tuple[Cut, ...]:
    """What `size` bytes come to without the cuts."""
    borders = [0, *(border for cut in cuts for border in cut), size]
    pairs = zip(borders[::2], borders[1::2], strict=True)
    return tuple((start, end) for start, end in pairs if start < end)


def patches(plan: Plan) -> tuple[Change, ...]:
    """The changes at their places in the core, none of which lies in a cut."""
    moved = [(_moved(at, plan.cuts), data) for at, data in plan.changes if not _inside(at, plan.cuts)]
    return tuple(sorted([*moved, *([plan.table] if plan.table else ())]))


def _moved(place: int, cuts: "list[Cut] | tuple[Cut, ...]") -> int:
    """Where a place of the whole is in the core; one in a cut is where the cut was."""
    return place - sum(min(end, place) - start for start, end in cuts if start < place)


def _inside(at: int, cuts: tuple[Cut, ...]) -> bool:
    index = bisect_right(cuts, (at, 1 << 62)) - 1
    return index >= 0 and at < cuts[index][1]


def _up(value: int, unit: int) -> int:
    return -(-value // unit) * unit
