"""The exception directory: which unwind data goes with which function, sorted by address for a binary search.

x64 rows are RUNTIME_FUNCTION (begin, end, unwind data: three RVAs, 12 bytes); those of ARM, ARM64 and Itanium differ.
https://learn.microsoft.com/cpp/build/exception-handling-x64, …/arm64-exception-handling
The unwind data itself is not read, and MIPS, Alpha and PowerPC rows are not handled.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.sdk import Anchor, Anomaly, Hit, Kind, Malformed, Said, View, frozen

EXCEPTION = 3  # the directory's index
CHECKED_MAX = 1 << 20  # bytes of rows checked for order, some 87,000 functions: what lies behind is counted, not read
ROW_SIZES = {0x8664: 12, 0x0200: 12, 0xAA64: 8, 0xA641: 8, 0xA64E: 8, 0x01C4: 8, 0x01C0: 8, 0x01C2: 8}

_PACKED = 0x3  # in ARM rows: the unwind data is in the row itself


@frozen
class PEExceptions:
    """The exception directory. Addresses are RVAs; the finding spans the rows that are in the file."""

    tag: ClassVar[str] = "pe_exceptions"
    functions: int  # rows, as declared, without zeros at the end
    row_size: int  # bytes
    padding: int  # rows of zeros at the end of what was checked
    checked: int  # rows
    first: int | None  # where the first function begins
    last: int | None  # where the last one in the file begins, and on x64 and Itanium ends
    packed: int | None  # of those checked: rows of ARM with the unwind data in them
    sorted: bool


class PEExceptionDirectory:
    """Counts the functions that an image has unwind data for."""

    name = "pe-exceptions"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Kinds need none."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The table as a whole and what is wrong with it."""
        layout = hit.context
        if not isinstance(layout, Layout):
            raise Malformed(hit.offset, "a PE's layout")
        directory = next(iter(layout.headers.directories[EXCEPTION : EXCEPTION + 1]), None)
        row_size = ROW_SIZES.get(layout.headers.coff.machine)
        if directory is None or not directory.rva or not directory.size or row_size is None:
            return
        field_at = layout.headers.directories_at + 8 * EXCEPTION
        memory = Memory(layout, hit.view)
        at = layout.at(directory.rva)
        stored = 0 if at is None else min(directory.size, layout.mapped(directory.rva)[1])
        data = memory.read(directory.rva, min(stored, CHECKED_MAX // row_size * row_size))
        used = min(-(-len(data.rstrip(b"\0")) // row_size), len(data) // row_size)
        padding = len(data) // row_size - used if len(data) == directory.size else 0
        words = struct.unpack(f"<{used * row_size // 4}I", data[: used * row_size])
        hit.view.step(1 + len(words) // 16)
        per_row = row_size // 4
        begins = words[::per_row]
        disorder = _disorder(words, per_row)
        body = PEExceptions(
            functions=directory.size // row_size - padding,
            row_size=row_size,
            padding=padding,
            checked=used,
            first=begins[0] if begins else None,
            last=_last(memory, directory.rva, stored // row_size - padding, row_size),
            packed=sum(1 for word in words[1::2] if word & _PACKED) if row_size == 8 else None,
            sorted=disorder is None or disorder[0] != "exceptions_unsorted",
        )
        place, size = (field_at, 8) if at is None or not stored else (at, stored)
        yield hit.finding(place, size, body)
        if disorder is not None:
            yield hit.finding(place, size, Anomaly(*disorder))
        end, image_size = max(words[1::3] if per_row == 3 else begins, default=0), layout.headers.optional.size_of_image
        if end > image_size:
            proof = f"a function reaches {end:#x}, SizeOfImage is {image_size:#x}"
            yield hit.finding(place, size, Anomaly("exceptions_outside_image", proof))
        if directory.size % row_size:
            proof = f"size {directory.size:#x}, no multiple of {row_size}"
            yield hit.finding(field_at, 8, Anomaly("exceptions_size_odd", proof))
        if stored < directory.size and layout.knows_all_sections:
            proof = f"{directory.size:#x} bytes at RVA {directory.rva:#x}, {stored:#x} are in the file"
            yield hit.finding(field_at, 8, Anomaly("exceptions_cut", proof))


def _disorder(words: tuple[int, ...], per_row: int) -> tuple[str, str] | None:
    """The first thing wrong with the order, as name and proof: one comparison with what sorting makes of it."""
    places = list(words)
    if per_row == 3:
        del places[2::3]  # begins and ends in turn
    else:
        del places[1::2]
    if places == sorted(places):
        return None
    index = next(number for number, (one, two) in enumerate(zip(places, places[1:], strict=False)) if one > two)
    one, two = places[index], places[index + 1]
    if per_row == 2:
        return "exceptions_unsorted", f"function {index} begins at {one:#x}, the next at {two:#x}"
    number, begin = index // 2, places[index - index % 2]
    if index % 2 == 0:
        return "exceptions_range_inverted", f"function {number} from {one:#x} to {two:#x}"
    if two < begin:
        return "exceptions_unsorted", f"function {number} begins at {begin:#x}, the next at {two:#x}"
    return "exceptions_overlap", f"function {number} from {begin:#x} to {one:#x}, the next begins at {two:#x}"


def _last(memory: Memory, rva: int, rows: int, row_size: int) -> int | None:
    """Where the last function ends, or begins where its row does not say."""
    if rows <= 0:
        return None
    row = memory.read(rva + (rows - 1) * row_size, row_size)
    if len(row) < row_size:
        return None
    begin, other = struct.unpack_from("<II", row)
    return int(other if row_size == 12 else begin)
