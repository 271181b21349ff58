"""The symbol table: nlist entries whose names stand in a table of strings.

mach-o/nlist.h. Whole tables have hundreds of thousands of entries, nearly all of them local: these are counted by
their types' bytes alone, and only the others are unpacked.
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.macho import commands
from rorqual.analyzers.formats.macho.layout import SYMBOL_SIZES, Layout
from rorqual.analyzers.formats.strings import Strings
from rorqual.sdk import View

N_STAB, N_PEXT, N_TYPE, N_EXT = 0xE0, 0x10, 0x0E, 0x01
N_UNDF, N_ABS, N_INDR, N_PBUD, N_SECT = 0x0, 0x2, 0xA, 0xC, 0xE
PIECE = 1 << 18  # bytes of the table read at once; a multiple of 16, and of 12 but for the rest
_EXTERNAL = bytes((not kind & N_STAB) and bool(kind & N_EXT) for kind in range(256))
_FOUND = re.compile(rb"\x01")

Symbol = tuple[int, int, int, int, int, int]  # index, n_strx, n_type, n_sect, n_desc, n_value


class SymbolTable(NamedTuple):
    """Where the table is, how many entries LC_SYMTAB declares and how many are there."""

    at: int
    declared: int
    present: int
    strings: Strings
    strings_size: int  # as declared


def symbol_table(layout: Layout, view: View) -> SymbolTable | None:
    """The file's table; None where it has none."""
    command = layout.headers.first(commands.SYMTAB)
    numbers = None if command is None else layout.headers.numbers(command, "4I")
    if numbers is None or not numbers[1]:
        return None
    at, declared, strings_at, strings_size = numbers
    size = SYMBOL_SIZES[layout.form.wide]
    strings = Strings(view, strings_at, layout.stored(strings_at, strings_size))
    return SymbolTable(at, declared, layout.stored(at, declared * size) // size, strings, strings_size)


class Piece(NamedTuple):
    """So many entries: the byte n_type of each, and the external ones unpacked."""

    kinds: bytes
    external: list[Symbol]


def pieces(layout: Layout, view: View, table: SymbolTable) -> Iterator[Piece]:
    """The table from its start to its end."""
    size = SYMBOL_SIZES[layout.form.wide]
    shape = struct.Struct(f"{layout.form.mark}IBBH{layout.form.words}")
    unpack = shape.unpack_from
    batch = PIECE // size
    for first in range(0, table.present, batch):
        data = view.read(table.at + first * size, min(batch, table.present - first) * size)
        kinds = data[4 : len(data) // size * size : size]
        external = [
            (first + one.start(), *unpack(data, one.start() * size))
            for one in _FOUND.finditer(kinds.translate(_EXTERNAL))
        ]
        view.step(len(external) // 8)
        yield Piece(kinds, external)
        if len(kinds) < min(batch, table.present - first):
            return


def imported(layout: Layout, view: View) -> set[bytes] | None:
    """Names of the undefined symbols; None where there is no table."""
    table = symbol_table(layout, view)
    if table is None:
        return None
    places = {
        place
        for piece in pieces(layout, view, table)
        for _, place, kind, _, _, value in piece.external
        if kind & N_TYPE in (N_UNDF, N_PBUD) and not value
    }
    return {name for place in places if (name := table.strings.raw(place)) is not None}
