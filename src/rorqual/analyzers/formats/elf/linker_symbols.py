"""The linker's symbol table (.symtab): counts, and the names of source files.

It may have millions of rows, and no loader reads it, so that its columns are counted as bytes and no symbol but those
of type FILE is named.
"""

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.bodies import ROWS
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.analyzers.formats.elf.symbol_table import BINDINGS, PIECE, STT_FILE, TYPES, symbol_form
from rorqual.analyzers.formats.strings import Strings
from rorqual.sdk import Finding, Hit, frozen

COUNTED = 2_000_000  # symbols whose columns are counted: 48 MB; browsers with all their symbols have a million
FILES_TOLD = 4096  # names of source files; the largest programs have more, and these show what it was made of
_IS_FILE = bytes(int(value & 15 == STT_FILE) for value in range(256))


class ELFCount(NamedTuple):
    """How many symbols are of a kind."""

    name: str
    symbols: int


@frozen
class ELFLinkerSymbols:
    """The linker's symbol table; the finding spans it."""

    tag: ClassVar[str] = "elf_linker_symbols"
    section: str
    count: int
    counted: int  # of them; the other fields are about these
    undefined: int
    types: tuple[ELFCount, ...]
    bindings: tuple[ELFCount, ...]
    source_files: int
    source_files_told: int  # of them


@frozen
class ELFSourceFiles:
    """Names of source files that symbols of type FILE carry; the finding spans the table from first to last."""

    tag: ClassVar[str] = "elf_source_files"
    first: int
    rows: tuple[str, ...]


def linker_symbols(hit: Hit, layout: Layout) -> Iterator[Finding]:
    """What there is to say of SHT_SYMTAB, if there is one."""
    section = layout.of_type(names.SHT_SYMTAB)
    if section is None or not section.present:
        return
    form = symbol_form(layout.form)
    wide = layout.form.wide
    present = section.present // form.size
    counted = min(present, COUNTED)
    strings = _strings(hit, layout, section.row.link)
    infos, undefined, files, told = Counter[int](), 0, 0, 0
    at, rows, first_at = section.at, list[str](), section.at
    left = counted
    while left > 0:
        data = hit.view.read(at, min(left, PIECE // form.size) * form.size)
        got = len(data) // form.size
        if not got:
            break
        data = data[: got * form.size]
        info = data[4 :: form.size] if wide else data[12 :: form.size]
        index_at = 6 if wide else 14
        # A symbol is undefined where both bytes of its section index are 0, the empty first one with them.
        pairs = int.from_bytes(data[index_at :: form.size]) | int.from_bytes(data[index_at + 1 :: form.size])
        undefined += pairs.to_bytes(got).count(0)
        infos.update(info)
        marks = info.translate(_IS_FILE)
        files += marks.count(1)
        number = marks.find(1)
        while number >= 0 and told + len(rows) < FILES_TOLD and strings is not None:
            hit.view.step()
            name = int.from_bytes(data[number * form.size : number * form.size + 4], layout.form.order)
            if not rows:
                first_at = at + number * form.size
            rows.append(strings.text(name) or "")
            if len(rows) == ROWS:
                end = at + (number + 1) * form.size
                yield hit.finding(first_at, end - first_at, ELFSourceFiles(told, tuple(rows)))
                told += ROWS
                rows.clear()
            number = marks.find(1, number + 1)
        at += len(data)
        left -= got
    if rows:
        yield hit.finding(first_at, at - first_at, ELFSourceFiles(told, tuple(rows)))
        told += len(rows)
    types, bindings = Counter[int](), Counter[int]()
    for value, count in infos.items():
        types[value & 15] += count
        bindings[value >> 4] += count
    yield hit.finding(
        section.at,
        section.present,
        ELFLinkerSymbols(
            section=section.name,
            count=section.row.size // form.size,
            counted=counted - left,
            undefined=max(0, undefined - 1),
            types=tuple(ELFCount(TYPES[kind], types[kind]) for kind in sorted(types)),
            bindings=tuple(ELFCount(BINDINGS[kind], bindings[kind]) for kind in sorted(bindings)),
            source_files=files,
            source_files_told=told,
        ),
    )


def _strings(hit: Hit, layout: Layout, link: int) -> Strings | None:
    if not 0 < link < len(layout.sections):
        return None
    section = layout.sections[link]
    return Strings(hit.view, section.at, section.present) if section.present else None
