"""The records that findings on symbols carry."""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


class MachOSymbol(NamedTuple):
    """A symbol."""

    number: int  # in its table; in the trie how many come before
    name: str
    type: str  # UNDF, ABS, SECT, INDR, PBUD or COMMON; in the trie regular, thread-local or absolute
    value: int | None  # an address, or the size of a common symbol
    section: str | None
    library: str | None  # that it is taken of, or self, executable, dynamic-lookup, weak-lookup
    weak: bool
    other_name: str | None  # of the symbol it stands for: an indirect one, or one passed on under another name
    description: int  # n_desc, or the flags in the trie


@frozen
class MachOSymbols:
    """Symbols of one role; the finding spans their table from the first to the last of them, or the whole."""

    tag: ClassVar[str] = "macho_symbols"
    role: str  # import or export
    source: str  # symbol-table, export-trie or chained-fixups
    first: int  # how many of the role come before
    rows: tuple[MachOSymbol, ...]


@frozen
class MachOSymbolTable:
    """All symbols, counted; the finding spans the symbol table, or the load commands where there is none."""

    tag: ClassVar[str] = "macho_symbol_table"
    declared: int  # entries of the symbol table
    present: int
    imports: int  # undefined external symbols
    exports: int  # defined external symbols, those of private extent apart
    private: int
    local: int
    debug: int  # stabs
    stripped: bool  # neither local symbols nor those for debuggers
    trie_exports: int | None  # names in the loader's trie
    trie_reexports: int | None
    chained_imports: int | None  # as stored
