"""What chained fixups bind to: a table of imports in LC_DYLD_CHAINED_FIXUPS, by library ordinal and name.

mach-o/fixup-chains.h. The chains of pointers themselves are not followed.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.macho.form import Form
from rorqual.analyzers.formats.macho.layout import Part
from rorqual.sdk import View

PIECE = 1 << 18  # bytes of the table read at once
_HEADER = 28
_SIZES = {1: 4, 2: 8, 3: 16}


class ChainedImports(NamedTuple):
    """The table's header; places count from the file header's start."""

    declared: int
    present: int  # imports that are there
    format: int  # 1: plain, 2: with an addend, 3: with one of 64 bits
    at: int
    names_at: int
    names_size: int
    compressed: bool  # names packed with zlib


class ChainedImport(NamedTuple):
    """One import."""

    ordinal: int  # negative ones are special
    weak: bool
    name_at: int  # in the table of names
    addend: int


def chained_imports(view: View, form: Form, part: Part) -> ChainedImports | None:
    """The header; None where it is not of version 0 or the table is of no known form."""
    data = view.read(part.at, min(_HEADER, part.present))
    if len(data) < _HEADER:
        return None
    version, _, imports_at, names_at, count, kind, packing = struct.unpack(f"{form.mark}7I", data)
    size = _SIZES.get(kind)
    if version or size is None:
        return None
    present = max(0, min(count, (part.present - imports_at) // size))
    return ChainedImports(
        count, present, kind, part.at + imports_at, part.at + names_at, max(0, part.present - names_at), packing != 0
    )


def imports(view: View, form: Form, table: ChainedImports) -> Iterator[ChainedImport]:
    """The imports that are there."""
    size = _SIZES[table.format]
    batch = PIECE // size
    wide = table.format == 3
    shape = struct.Struct(form.mark + {1: "I", 2: "Ii", 3: "Qq"}[table.format])
    for first in range(0, table.present, batch):
        count = min(batch, table.present - first)
        data = view.read(table.at + first * size, count * size)
        view.step(count // 8)
        for value, *rest in shape.iter_unpack(data[: len(data) // size * size]):
            addend = rest[0] if rest else 0
            if wide:
                ordinal = value & 0xFFFF
                ordinal -= 0x1_0000 if ordinal > 0xFFF0 else 0
                yield ChainedImport(ordinal, bool(value >> 16 & 1), value >> 32, addend)
            else:
                ordinal = value & 0xFF
                ordinal -= 0x100 if ordinal > 0xF0 else 0
                yield ChainedImport(ordinal, bool(value >> 8 & 1), value >> 9, addend)
