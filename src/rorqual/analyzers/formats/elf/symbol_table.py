"""Symbol tables: where the dynamic one lies with and without section headers, its symbols, strings and versions.

The loader knows the dynamic symbols by DT_SYMTAB, DT_STRTAB and a hash table alone; nothing else says how many there
are but the section header, which strippers remove and liars change.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.elf import names, tags
from rorqual.analyzers.formats.elf.form import Form
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.analyzers.formats.elf.machines import ALPHA, MIPS, S390
from rorqual.analyzers.formats.strings import Strings
from rorqual.sdk import View

PIECE = 1 << 18  # bytes of a table read at once
SHN_UNDEF, SHN_ABS, SHN_COMMON, SHN_XINDEX = 0, 0xFFF1, 0xFFF2, 0xFFFF

TYPES = ("NOTYPE", "OBJECT", "FUNC", "SECTION", "FILE", "COMMON", "TLS", "7", "8", "9", "GNU_IFUNC") + tuple(
    str(number) for number in range(11, 16)
)
BINDINGS = ("LOCAL", "GLOBAL", "WEAK", "3", "4", "5", "6", "7", "8", "9", "GNU_UNIQUE") + tuple(
    str(number) for number in range(11, 16)
)
VISIBILITIES = ("DEFAULT", "INTERNAL", "HIDDEN", "PROTECTED")
STT_FUNC, STT_SECTION, STT_FILE, STB_GLOBAL = 2, 3, 4, 1

Symbol = tuple[int, int, int, int, int, int]  # st_name, st_value, st_size, st_info, st_other, st_shndx


class SymbolTable(NamedTuple):
    """A table of symbols; `declared` by the means that counted them, `present` of them wholly in the file."""

    at: int
    declared: int
    present: int
    counted_by: str
    strings: Strings


def symbol_form(form: Form) -> struct.Struct:
    """One symbol; the two classes order the fields differently."""
    return struct.Struct(f"{form.mark}IBBHQQ" if form.wide else f"{form.mark}IIIBBH")


def symbols(view: View, form: Form, at: int, count: int) -> Iterator[Symbol]:
    """Up to `count` symbols from the place on, fewer where the file ends."""
    record = symbol_form(form)
    batch = PIECE // record.size
    while count > 0:
        data = view.read(at, min(batch, count) * record.size)
        got = len(data) // record.size
        rows = record.iter_unpack(data[: got * record.size])
        if form.wide:
            for name, info, other, shndx, value, size in rows:
                yield name, value, size, info, other, shndx
        else:
            yield from rows
        if got < min(batch, count):
            return
        count -= got
        at += got * record.size


def dynamic_strings(layout: Layout, view: View) -> Strings | None:
    """The strings of the dynamic table: by DT_STRTAB, else the section that SHT_DYNAMIC is linked to."""
    dynamic = layout.dynamic
    if dynamic is not None and (address := dynamic.value(tags.DT_STRTAB)) is not None:
        at, stored, _ = layout.mapped(address)
        size = dynamic.value(tags.DT_STRSZ)
        if stored:
            return Strings(view, at, stored if size is None else min(size, stored))
    section = layout.of_type(names.SHT_DYNSYM) or layout.of_type(names.SHT_DYNAMIC)
    if section is None or not 0 < section.row.link < len(layout.sections):
        return None
    linked = layout.sections[section.row.link]
    return Strings(view, linked.at, linked.present) if linked.present else None


def dynamic_symbols(layout: Layout, view: View, strings: Strings) -> SymbolTable | None:
    """The dynamic symbols: by DT_SYMTAB and whatever counts them, else by the section header alone."""
    size = symbol_form(layout.form).size
    section = layout.of_type(names.SHT_DYNSYM)
    declared = section.row.size // size if section is not None else None
    address = layout.dynamic.value(tags.DT_SYMTAB) if layout.dynamic is not None else None
    at, stored, _ = layout.mapped(address) if address is not None else (0, 0, 0)
    if address is None or not stored:
        if section is None or declared is None or not section.present:
            return None
        return SymbolTable(section.at, declared, min(declared, section.present // size), "section", strings)
    count, means = _count(layout, view, address, size, declared if section and section.row.addr == address else None)
    return SymbolTable(at, count, min(count, stored // size), means, strings)


def _count(layout: Layout, view: View, address: int, size: int, declared: int | None) -> tuple[int, str]:
    dynamic, form = layout.dynamic, layout.form
    assert dynamic is not None
    if (table := dynamic.value(tags.DT_HASH)) is not None:
        at, stored, _ = layout.mapped(table)
        word = 8 if form.wide and layout.machine in (ALPHA, S390) else 4
        head = view.read(at, min(stored, 2 * word))
        buckets, chains = (int.from_bytes(part, form.order) for part in (head[:word], head[word:]))
        # A count for which the table has no room is a lie, and the next means is asked.
        if len(head) == 2 * word and (2 + buckets + chains) * word <= stored:
            return chains, "DT_HASH"
    if layout.machine == MIPS and (number := dynamic.value(tags.DT_MIPS_SYMTABNO)) is not None:
        return number, "DT_MIPS_SYMTABNO"
    if (table := dynamic.value(tags.DT_GNU_HASH)) is not None and (number := _gnu_count(layout, view, table)):
        return number, "DT_GNU_HASH"
    if declared is not None:
        return declared, "section"
    # A hash table without an exported symbol counts nothing; linkers put the strings or versions behind the symbols.
    after = [value for tag in (tags.DT_STRTAB, tags.DT_VERSYM) if (value := dynamic.value(tag)) and value > address]
    return (min(after) - address) // size if after else 0, "next table"


def _gnu_count(layout: Layout, view: View, address: int) -> int:
    """One more than the last symbol in DT_GNU_HASH; 0 where it holds none or does not add up."""
    form = layout.form
    at, stored, _ = layout.mapped(address)
    head = view.read(at, min(stored, 16))
    if len(head) < 16:
        return 0
    buckets, first, words, _ = struct.unpack(f"{form.mark}4I", head)
    buckets_at = 16 + words * form.word
    if buckets * 4 > stored or buckets_at + buckets * 4 > stored:
        return 0
    last = 0
    for piece in _pieces(view, at + buckets_at, buckets * 4):
        last = max(last, max(struct.unpack(f"{form.mark}{len(piece) // 4}I", piece), default=0))
    if last < first or not last:
        return 0
    chain = buckets_at + buckets * 4 + (last - first) * 4
    for piece in _pieces(view, at + chain, stored - chain, step=4096):
        for value in struct.unpack(f"{form.mark}{len(piece) // 4}I", piece):
            last += 1
            if value & 1:
                return last
        view.step(len(piece) // 64)
    return 0


def _pieces(view: View, at: int, size: int, *, step: int = PIECE) -> Iterator[bytes]:
    """The bytes from the place on in pieces of whole words."""
    while size >= 4:
        data = view.read(at, min(size, step))
        data = data[: len(data) & ~3]
        if not data:
            return
        yield data
        at += len(data)
        size -= len(data)
