"""The export directory and its three tables as stored, read in batches; nothing is judged."""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rorqual.analyzers.formats.pe import headers
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.rows import ROWS
from rorqual.analyzers.formats.pe.window import Window
from rorqual.sdk import Malformed

NAME_MAX = 1 << 13  # bytes told of a name; Microsoft's compilers shorten what gets longer than 4,096
FUNCTIONS_MAX = 1 << 16  # ordinals have 16 bits, so nobody can ask for the functions behind
_DIRECTORY = struct.Struct("<2I2H7I")
DIRECTORY_SIZE = _DIRECTORY.size


class Directory(NamedTuple):
    """IMAGE_EXPORT_DIRECTORY."""

    characteristics: int
    timestamp: int
    major: int
    minor: int
    name_rva: int
    base: int
    number_of_functions: int
    number_of_names: int
    functions_rva: int
    names_rva: int
    ordinals_rva: int


class ExportTables(NamedTuple):
    """A directory and how much of its tables is in the file."""

    directory: Directory
    place: headers.Directory  # as the headers give it
    functions: tuple[int, ...]  # those that ordinals reach
    functions_present: int  # entries, of those declared
    names_present: int  # of which both the name and the index are there

    def named(self, window: Window) -> Iterator["Batch"]:
        """All names, in the order of their table."""
        directory = self.directory
        for first in range(0, self.names_present, ROWS):
            count = min(ROWS, self.names_present - first)
            rvas = window.table(directory.names_rva + 4 * first, 4 * count)
            indexes = window.table(directory.ordinals_rva + 2 * first, 2 * count)
            whole = min(len(rvas) // 4, len(indexes) // 2)
            pointers = struct.unpack_from(f"<{whole}I", rvas)
            chosen = struct.unpack_from(f"<{whole}H", indexes)
            yield self.batch(window, first, chosen, pointers)

    def batch(self, window: Window, first: int, indexes: Sequence[int], pointers: Sequence[int] | None) -> "Batch":
        """The functions of these indexes with their names, or without any."""
        reach = len(self.functions)
        addresses = [self.functions[index] if index < reach else None for index in indexes]
        names = [None] * len(indexes) if pointers is None else window.strings(pointers, NAME_MAX)
        return Batch(first, indexes, pointers or (), names, addresses, self._forwarders(window, addresses))

    def _forwarders(self, window: Window, addresses: Sequence[int | None]) -> dict[int | None, bytes | None]:
        """By address, the texts of those that lie inside the directory, and so are no functions'."""
        low, high = self.place.rva, self.place.rva + self.place.size
        inside = [rva for rva in addresses if rva is not None and low <= rva < high]
        return dict(zip(inside, window.strings(inside, NAME_MAX), strict=True)) if inside else {}


class Batch(NamedTuple):
    """Rows of the tables that follow each other, as many as make a finding."""

    first: int  # index of the first
    indexes: Sequence[int]  # into the table of functions
    pointers: Sequence[int]  # addresses of the names
    names: Sequence[bytes | None]  # None: it has none, or nothing is mapped there
    addresses: Sequence[int | None]  # None: the index lies outside the table of functions
    forwarders: dict[int | None, bytes | None]  # by address


def read_tables(window: Window, layout: Layout, place: headers.Directory) -> ExportTables:
    """The directory and its table of functions.

    Raises:
        Malformed: the directory is not all there.
    """
    data = window.take(place.rva, DIRECTORY_SIZE)
    if len(data) < DIRECTORY_SIZE:
        raise Malformed(place.rva, f"{DIRECTORY_SIZE} bytes of an export directory, found {len(data)}")
    directory = Directory._make(_DIRECTORY.unpack(data))
    declared, names = directory.number_of_functions, directory.number_of_names
    functions_present = stored(layout, directory.functions_rva, 4 * declared) // 4
    names_present = min(
        stored(layout, directory.names_rva, 4 * names) // 4, stored(layout, directory.ordinals_rva, 2 * names) // 2
    )
    functions = window.table(directory.functions_rva, 4 * min(functions_present, FUNCTIONS_MAX))
    return ExportTables(
        directory,
        place,
        struct.unpack_from(f"<{len(functions) // 4}I", functions),
        functions_present,
        names_present,
    )


def stored(layout: Layout, rva: int, most: int) -> int:
    """How many of `most` bytes from the address on are in the file, none between them made up."""
    total = 0
    while total < most:
        _, present, size = layout.mapped(rva + total)
        total += present
        if not present or present < size:
            break
    return min(total, most)
