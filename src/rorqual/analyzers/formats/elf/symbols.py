"""Symbols: names with a value, a size and a binding; the dynamic ones are what is imported and exported.

https://gabi.xinuos.com/elf/05-symtab.html. The dynamic symbols are told in full, each with its version. Of the linker's
table (.symtab), which may have millions, counts and the names of source files are told. Names are as stored: nothing
is demangled.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.elf import names, tags
from rorqual.analyzers.formats.elf.bodies import ROWS
from rorqual.analyzers.formats.elf.context import WOKEN, layout_of
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.analyzers.formats.elf.linker_symbols import linker_symbols
from rorqual.analyzers.formats.elf.symbol_table import (
    BINDINGS,
    PIECE,
    SHN_ABS,
    SHN_COMMON,
    SHN_UNDEF,
    TYPES,
    VISIBILITIES,
    SymbolTable,
    dynamic_strings,
    dynamic_symbols,
    symbol_form,
    symbols,
)
from rorqual.analyzers.formats.elf.versions import HIDDEN, Version, Versions, read_versions
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View, frozen

ROLES = ("import", "export", "local")
_SPECIAL = {SHN_UNDEF: "UNDEF", SHN_ABS: "ABS", SHN_COMMON: "COMMON", 0xFFFF: "XINDEX"}


class ELFSymbol(NamedTuple):
    """A symbol."""

    number: int  # in the table
    name: str
    value: int
    size: int
    type: str
    binding: str
    visibility: str
    section: str  # name or index of it, UNDEF, ABS or COMMON
    version: str | None
    hidden: bool  # not the version that a linker takes by itself
    library: str | None  # that the version is needed of


@frozen
class ELFSymbols:
    """Dynamic symbols of one role; the finding spans the table from the first to the last of them."""

    tag: ClassVar[str] = "elf_symbols"
    role: str  # import, export or local
    first: int  # how many of the role come before
    rows: tuple[ELFSymbol, ...]


@frozen
class ELFDynamicSymbols:
    """The dynamic symbol table as a whole; the finding spans it. The empty first symbol is not counted as a role."""

    tag: ClassVar[str] = "elf_dynamic_symbols"
    count: int
    present: int
    counted_by: str  # DT_HASH, DT_GNU_HASH, DT_MIPS_SYMTABNO, section, or "next table": the distance to it
    imports: int
    exports: int
    local: int


@frozen
class ELFVersions:
    """Versions needed of libraries, or defined; the finding spans the start of their table."""

    tag: ClassVar[str] = "elf_versions"
    role: str  # needed or defined
    first: int
    rows: tuple[Version, ...]


class ELFSymbolsProbe:
    """Symbols and symbol versions of an ELF file."""

    name = "elf-symbols"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Dynamic symbols with their versions, then what there is to say of the linker's."""
        layout = layout_of(hit)
        if layout.type == names.CORE:
            return
        strings = dynamic_strings(layout, hit.view)
        table = None if strings is None else dynamic_symbols(layout, hit.view, strings)
        if table is not None:
            versions = read_versions(layout, hit.view, table.strings)
            yield from _versions(hit, versions)
            yield from _dynamic(hit, layout, table, versions)
        yield from linker_symbols(hit, layout)


def _versions(hit: Hit, versions: Versions) -> Iterator[Finding]:
    for role, rows, at in (
        ("needed", versions.needed, versions.needed_at),
        ("defined", versions.defined, versions.defined_at),
    ):
        for first in range(0, len(rows), ROWS):
            if at is not None:
                yield hit.finding(at, 16, ELFVersions(role, first, rows[first : first + ROWS]))
    if versions.broken is not None:
        at = versions.needed_at if versions.needed_at is not None else versions.defined_at
        yield hit.finding(at or 0, 16, Anomaly("version_chain_broken", versions.broken))


def _dynamic(hit: Hit, layout: Layout, table: SymbolTable, versions: Versions) -> Iterator[Finding]:
    """One pass over the table, a buffer of rows for each role."""
    view, form = hit.view, layout.form
    size = symbol_form(form).size
    sections = {section.number: section.name or str(section.number) for section in layout.sections} | _SPECIAL
    by_index, numbers = versions.by_index(), _numbers(layout, view, table.present)
    rows: dict[str, list[ELFSymbol]] = {role: [] for role in ROLES}
    told = Counter[str]()
    text, bad = table.strings.text, 0
    bad_index = 0
    for index, (name, value, length, info, other, shndx) in enumerate(symbols(view, form, table.at, table.present)):
        number = next(numbers, 1)
        if not index:
            continue
        label = text(name)
        if label is None:
            label, bad, bad_index = "", bad + 1, bad_index or index
        version = by_index.get(number & ~HIDDEN) if number & ~HIDDEN > 1 else None
        binding, visibility = info >> 4, other & 3
        row = ELFSymbol(
            index,
            label,
            value,
            length,
            TYPES[info & 15],
            BINDINGS[binding],
            VISIBILITIES[visibility],
            sections.get(shndx) or f"{shndx:#x}",
            version.name if version else None,
            bool(number & HIDDEN),
            version.library if version else None,
        )
        role = "local" if not binding or visibility in (1, 2) else "export" if shndx else "import"
        kept = rows[role]
        kept.append(row)
        if len(kept) == ROWS:
            yield _told(hit, table, size, ELFSymbols(role, told[role], tuple(kept)))
            told[role] += ROWS
            kept.clear()
    for role, kept in rows.items():
        if kept:
            yield _told(hit, table, size, ELFSymbols(role, told[role], tuple(kept)))
            told[role] += len(kept)
    counts = (told["import"], told["export"], told["local"])
    body = ELFDynamicSymbols(table.declared, table.present, table.counted_by, *counts)
    yield hit.finding(table.at, table.present * size, body)
    if bad:
        proof = f"{bad} names lie outside the strings of {table.strings.size:#x} bytes, the first of symbol {bad_index}"
        yield hit.finding(table.at + bad_index * size, size, Anomaly("symbol_name_out_of_range", proof))
    yield from _counts(hit, layout, table, size)


def _told(hit: Hit, table: SymbolTable, size: int, body: ELFSymbols) -> Finding:
    start, end = body.rows[0].number, body.rows[-1].number + 1
    return hit.finding(table.at + start * size, (end - start) * size, body)


def _counts(hit: Hit, layout: Layout, table: SymbolTable, size: int) -> Iterator[Finding]:
    if table.present < table.declared:
        proof = f"{table.counted_by} says {table.declared} symbols; {table.present} are in the file"
        yield hit.finding(table.at, table.present * size, Anomaly("dynamic_symbols_cut", proof))
    section = layout.of_type(names.SHT_DYNSYM)
    if section is None or not section.present or table.counted_by in ("section", "next table"):
        return
    if section.at != table.at or section.row.size // size != table.declared:
        proof = (
            f"section {section.number}: {section.row.size // size} symbols at {section.at:#x}; "
            f"the loader finds {table.declared} at {table.at:#x} ({table.counted_by})"
        )
        yield hit.finding(table.at, table.present * size, Anomaly("dynamic_symbols_differ", proof))


def _numbers(layout: Layout, view: View, count: int) -> Iterator[int]:
    """The version numbers of the dynamic symbols."""
    address = layout.dynamic.value(tags.DT_VERSYM) if layout.dynamic else None
    if address is None:
        return
    at, stored, _ = layout.mapped(address)
    left = min(2 * count, stored)
    while left >= 2:
        data = view.read(at, min(PIECE, left))
        if len(data) < 2:
            return
        yield from struct.unpack(f"{layout.form.mark}{len(data) // 2}H", data[: len(data) & ~1])
        at += len(data)
        left -= len(data)
