"""telfhash: the TLSH of the names of functions that a program imports and exports, to find its relatives by.

https://github.com/trendmicro/telfhash. Of the first table of symbols in the order of sections (dynamic or the
linker's) the functions that are global and visible, but those whose names begin with "_", ".", "str" or "mem", end in
"64", or are among eight that depend on the compiler; in lower case, sorted, joined by commas. The reference
disassembles programs without a table of symbols and hashes the addresses they call; that is not done here.

TLSH is made by a library that is installed as an extra.
"""

import importlib.util
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.context import WOKEN, layout_of
from rorqual.analyzers.formats.elf.layout import Layout, Section
from rorqual.analyzers.formats.elf.symbol_table import STB_GLOBAL, STT_FUNC, symbol_form, symbols
from rorqual.analyzers.formats.strings import Strings
from rorqual.sdk import Anchor, Anomaly, Hit, Kind, Said, View, frozen

SYMBOLS_MOST = 500_000  # of a table; a hash over some of them would be another hash
_EXCLUDED = frozenset(
    {b"__libc_start_main", b"main", b"abort", b"cachectl", b"cacheflush", b"puts", b"atol", b"malloc_trim"}
)
_TABLES = (names.SHT_DYNSYM, names.SHT_SYMTAB)


@frozen
class ELFTelfhash:
    """The hash; the finding spans the table of symbols it is made of."""

    tag: ClassVar[str] = "elf_telfhash"
    value: str
    symbols: int  # that went into it


class TelfhashProbe:
    """telfhash, where the library for TLSH is there."""

    name = "elf-telfhash"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    @property
    def options(self) -> tuple[str, ...]:
        """Whether the library is there: results depend on it."""
        return ("tlsh",) if importlib.util.find_spec("tlsh") is not None else ()

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The hash, where there are enough names for one."""
        layout = layout_of(hit)
        section = next((one for one in layout.sections if one.row.type in _TABLES and one.row.size), None)
        if section is None or not section.present or not self.options:
            return
        size = symbol_form(layout.form).size
        if section.present < section.row.size or not 0 < section.row.link < len(layout.sections):
            return
        if section.present // size > SYMBOLS_MOST:
            proof = f"{section.present // size} symbols; a telfhash is made of at most {SYMBOLS_MOST}"
            yield hit.finding(section.at, section.present, Anomaly("telfhash_not_made", proof))
            return
        found = sorted(_functions(layout, hit.view, section, section.present // size))
        if not found:
            return
        import tlsh  # noqa: PLC0415 - a native library of an extra, which other analyses do without

        text = ",".join(found)
        hit.view.step(len(text) // 16)
        value = tlsh.forcehash(text.encode("ascii"))
        if value and value != "TNULL":
            yield hit.finding(section.at, section.present, ELFTelfhash(value.lower(), len(found)))


def _functions(layout: Layout, view: View, section: Section, count: int) -> Iterator[str]:
    linked = layout.sections[section.row.link]
    strings = Strings(view, linked.at, linked.present)
    for name, _, _, info, other, _ in symbols(view, layout.form, section.at, count):
        if info != STB_GLOBAL << 4 | STT_FUNC or other & 7:
            continue
        raw = strings.raw(name)
        if not raw or not raw.isascii() or raw in _EXCLUDED:
            continue
        if not raw.startswith((b"_", b".", b"str", b"mem")) and not raw.endswith(b"64"):
            yield raw.decode("ascii").lower()
