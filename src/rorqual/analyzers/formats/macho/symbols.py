"""Symbols: what a file takes from its libraries and what it gives others.

mach-o/nlist.h. Imports and exports are told in full, local symbols and those of debuggers counted. Where the table
has no exports, those of the loader's trie are told, and where it has no imports, those of chained fixups; what only
binding opcodes name is not, so that imports of Go's linker, which leaves ordinals to these, come without a library.
Names are as stored: nothing is demangled, and C's have an underscore before them.
"""

from collections import Counter
from collections.abc import Iterator

from rorqual.analyzers.formats.macho import names
from rorqual.analyzers.formats.macho.bodies import ROWS
from rorqual.analyzers.formats.macho.chained_imports import ChainedImports, chained_imports, imports
from rorqual.analyzers.formats.macho.context import WOKEN, layout_of
from rorqual.analyzers.formats.macho.export_trie import REEXPORT, WEAK_DEFINITION, Broken, Export, exports, trie_of
from rorqual.analyzers.formats.macho.layout import SYMBOL_SIZES, Layout, Part
from rorqual.analyzers.formats.macho.libraries import library_names
from rorqual.analyzers.formats.macho.symbol_bodies import MachOSymbol, MachOSymbols, MachOSymbolTable
from rorqual.analyzers.formats.macho.symbol_table import (
    N_ABS,
    N_EXT,
    N_INDR,
    N_PBUD,
    N_PEXT,
    N_SECT,
    N_STAB,
    N_TYPE,
    N_UNDF,
    Symbol,
    SymbolTable,
    pieces,
    symbol_table,
)
from rorqual.analyzers.formats.strings import Strings
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View

BROKEN_TOLD = 8  # places in a trie; one is enough to distrust the rest
_KINDS = {N_UNDF: "UNDF", N_ABS: "ABS", N_INDR: "INDR", N_PBUD: "PBUD", N_SECT: "SECT"}
_SPECIAL = {0: "self", 0xFE: "dynamic-lookup", 0xFF: "executable"}
_CHAINED_SPECIAL = {0: "self", -1: "executable", -2: "dynamic-lookup", -3: "weak-lookup"}
_WEAK_REFERENCE, _WEAK_DEFINITION = 0x40, 0x80


class MachOSymbolsProbe:
    """Imported and exported symbols of a Mach-O file."""

    name = "macho-symbols"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The symbol table, then the trie and chained fixups, then all counted."""
        layout, view = layout_of(hit), hit.view
        libraries = library_names(layout.headers)
        table, trie = symbol_table(layout, view), trie_of(layout)
        part = layout.part("dyld-chained-fixups")
        chained = None if part is None else chained_imports(view, layout.form, part)
        if table is None and trie is None and part is None:
            return
        told = Counter[str]()
        if table is not None:
            yield from _table(hit, layout, table, libraries, told)
        if trie is not None:
            yield from _trie(hit, trie, libraries, told)
        if part is not None and chained is None:
            proof = f"{part.size:#x} bytes at {part.at:#x}: of no known version and form"
            yield hit.finding(part.at, part.present, Anomaly("chained_fixups_unknown", proof))
        elif part is not None and chained is not None:
            yield from _chained(hit, layout, part, chained, libraries, tell=not told["import"])
        body = MachOSymbolTable(
            declared=0 if table is None else table.declared,
            present=0 if table is None else table.present,
            imports=told["import"],
            exports=told["export"],
            private=told["private"],
            local=told["local"],
            debug=told["debug"],
            stripped=not told["local"] and not told["debug"],
            trie_exports=None if trie is None else told["trie"],
            trie_reexports=None if trie is None else told["reexport"],
            chained_imports=None if chained is None else chained.declared,
        )
        if table is not None and table.present:
            yield hit.finding(table.at, table.present * SYMBOL_SIZES[layout.form.wide], body)
        else:
            yield hit.finding(layout.form.header, len(layout.headers.data) - layout.form.header, body)


def _table(hit: Hit, layout: Layout, table: SymbolTable, libraries: list[str], told: Counter[str]) -> Iterator[Finding]:
    """One pass over the table, a buffer of rows for each role."""
    size = SYMBOL_SIZES[layout.form.wide]
    two_level = layout.headers.file.flags & names.TWOLEVEL  # without it the table has no ordinals
    wanted = libraries if two_level else None
    sections = {one.number: one.label for one in layout.sections}
    rows: dict[str, list[MachOSymbol]] = {"import": [], "export": []}
    kinds = Counter[int]()
    bad, bad_number = 0, 0
    for piece in pieces(layout, hit.view, table):
        kinds.update(piece.kinds)
        for symbol in piece.external:
            number, place, kind, _, _, value = symbol
            role = "import" if kind & N_TYPE in (N_UNDF, N_PBUD) and not value else "export"
            name = table.strings.text(place)
            if name is None:
                name = ""
                if place >= table.strings_size:
                    bad, bad_number = bad + 1, bad_number if bad else number
            if role == "export" and kind & N_PEXT:
                told["private"] += 1
                continue
            kept = rows[role]
            kept.append(_row(symbol, name, sections, wanted, table.strings))
            if len(kept) == ROWS:
                yield _told(hit, table, size, MachOSymbols(role, "symbol-table", told[role], tuple(kept)))
                told[role] += ROWS
                kept.clear()
    for role, kept in rows.items():
        if kept:
            yield _told(hit, table, size, MachOSymbols(role, "symbol-table", told[role], tuple(kept)))
            told[role] += len(kept)
    told["debug"] = sum(count for kind, count in kinds.items() if kind & N_STAB)
    told["local"] = sum(count for kind, count in kinds.items() if not kind & (N_STAB | N_EXT))
    if bad:
        proof = (
            f"{bad} names lie outside the strings of {table.strings_size:#x} bytes, the first of symbol {bad_number}"
        )
        yield hit.finding(table.at + bad_number * size, size, Anomaly("symbol_name_out_of_range", proof))


def _row(
    symbol: Symbol, name: str, sections: dict[int, str], libraries: list[str] | None, strings: Strings
) -> MachOSymbol:
    number, _, kind, section, description, value = symbol
    base = kind & N_TYPE
    if base in (N_UNDF, N_PBUD):
        library = None if libraries is None or value else _library(description >> 8 & 0xFF, libraries)
        weak, kind_name = bool(description & _WEAK_REFERENCE), "COMMON" if value else _KINDS[base]
        return MachOSymbol(number, name, kind_name, value or None, None, library, weak, None, description)
    weak = bool(description & _WEAK_DEFINITION)
    if base == N_INDR:
        return MachOSymbol(number, name, "INDR", None, None, None, weak, strings.text(value), description)
    where = None if not section else sections.get(section) or str(section)
    return MachOSymbol(number, name, _KINDS.get(base) or f"{base:#x}", value, where, None, weak, None, description)


def _library(ordinal: int, libraries: list[str]) -> str:
    special = _SPECIAL.get(ordinal)
    return special or (libraries[ordinal - 1] if ordinal <= len(libraries) else f"library {ordinal}")


def _told(hit: Hit, table: SymbolTable, size: int, body: MachOSymbols) -> Finding:
    start, end = body.rows[0].number, body.rows[-1].number + 1
    return hit.finding(table.at + start * size, (end - start) * size, body)


def _trie(hit: Hit, trie: Part, libraries: list[str], told: Counter[str]) -> Iterator[Finding]:
    """Counts the trie's names, and tells them where the symbol table has none."""
    tell = not told["export"]
    rows: list[MachOSymbol] = []
    broken = 0
    for one in exports(hit.view, trie):
        if isinstance(one, Broken):
            broken += 1
            if broken <= BROKEN_TOLD:
                yield hit.finding(trie.at, trie.present, Anomaly("export_trie_broken", one.proof))
            continue
        told["reexport"] += bool(one.flags & REEXPORT)
        if tell:
            rows.append(_exported(one, told["trie"], libraries))
        told["trie"] += 1
        if len(rows) == ROWS:
            yield hit.finding(trie.at, trie.present, MachOSymbols("export", "export-trie", rows[0].number, tuple(rows)))
            rows.clear()
    if rows:
        yield hit.finding(trie.at, trie.present, MachOSymbols("export", "export-trie", rows[0].number, tuple(rows)))
    if broken > BROKEN_TOLD:
        proof = f"{broken} places are broken; the first {BROKEN_TOLD} are told"
        yield hit.finding(trie.at, trie.present, Anomaly("export_trie_anomalies_not_told", proof))


def _exported(one: Export, number: int, libraries: list[str]) -> MachOSymbol:
    library, other = None, None
    if one.ordinal is not None:
        library = libraries[one.ordinal - 1] if 0 < one.ordinal <= len(libraries) else f"library {one.ordinal}"
        other = names.printable(one.other_name) or None
    name, weak = names.printable(one.name), bool(one.flags & WEAK_DEFINITION)
    return MachOSymbol(number, name, one.kind, one.address, None, library, weak, other, one.flags)


def _chained(
    hit: Hit, layout: Layout, part: Part, chained: ChainedImports, libraries: list[str], *, tell: bool
) -> Iterator[Finding]:
    if chained.present < chained.declared:
        proof = f"{chained.declared} imports, room for {chained.present}"
        yield hit.finding(part.at, part.present, Anomaly("chained_imports_cut", proof))
    if not tell or chained.compressed or not chained.present:
        return
    strings = Strings(hit.view, chained.names_at, chained.names_size)
    rows: list[MachOSymbol] = []
    for number, one in enumerate(imports(hit.view, layout.form, chained)):
        library = _CHAINED_SPECIAL.get(one.ordinal) or (
            libraries[one.ordinal - 1] if 0 < one.ordinal <= len(libraries) else f"library {one.ordinal}"
        )
        name = strings.text(one.name_at) or ""
        rows.append(MachOSymbol(number, name, "UNDF", None, None, library, one.weak, None, 0))
        if len(rows) == ROWS:
            first = rows[0].number
            yield hit.finding(part.at, part.present, MachOSymbols("import", "chained-fixups", first, tuple(rows)))
            rows.clear()
    if rows:
        first = rows[0].number
        yield hit.finding(part.at, part.present, MachOSymbols("import", "chained-fixups", first, tuple(rows)))
