"""What honest linkers do not write into file and program headers; sections.py has what is wrong with sections.

Names are stable. Linux looks at the magic, e_type, e_machine, e_phentsize, e_phnum and e_phoff alone: whatever else
is wrong does not keep a file from running, and hides it from tools that believe it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.form import HEADER_SIZES, SECTION_SIZES, SEGMENT_SIZES, Form
from rorqual.analyzers.formats.elf.headers import PN_XNUM, SECTIONS_READ, SEGMENTS_READ, ProgramHeader
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.analyzers.formats.elf.machines import (
    ALPHA,
    ARM,
    IA_64,
    M386,
    PARISC,
    PPC,
    PPC64,
    RISCV,
    S390,
    SPARC,
    SPARCV9,
    X86_64,
    is_machine,
    machine_name,
)
from rorqual.analyzers.formats.elf.sections import SECTIONS_TOLD, overlaps
from rorqual.sdk import Anomaly

SHN_LORESERVE = 0xFF00
SEGMENTS_TOLD = 16  # with one kind of anomaly; one is enough to distrust the rest

_ONLY_64, _ONLY_32 = frozenset({IA_64}), frozenset({M386, ARM})
_ONLY_LITTLE, _ONLY_BIG = frozenset({M386, X86_64, RISCV}), frozenset({S390})
# Whose ABI has the linkage table, which the loader writes, executed in place.
_WRITTEN_CODE = frozenset({SPARC, SPARCV9, PARISC, PPC, ALPHA})
# Whose ABI has the entry point lead to a descriptor of the function, as the first of PPC64 has.
_DESCRIPTORS = frozenset({PARISC, IA_64})
# The loaders of Linux (glibc, musl, uClibc, klibc, Nix), Android, the BSDs, Solaris and Haiku where they are installed.
_INTERPRETERS = re.compile(
    r"(/usr)?/lib(32|64|x32|n32|o32|ilp32|32-fp|64-fp)?(/[\w.+-]+)?/ld(-[\w.+-]+|64)?\.so(\.\d+)?"
    r"|(/gnu/store|/nix/store)/[\w.+?=-]+/lib(64)?/ld-[\w.+-]+"
    r"|(/system|/apex/com\.android\.runtime|/system/bin/bootstrap)?(/bin)?/(bootstrap/)?linker(_asan)?(64)?"
    r"|(/usr)?/libexec/ld[-.][\w.]+|/libexec/ld-elf32?\.so\.\d|/usr/lib/(64/|amd64/|sparcv9/)?ld\.so\.1"
    r"|/lib/klibc-[\w-]+\.so|/system/runtime_loader|/lib/ld\.so|/compat/linux/lib(64)?/ld-[\w.-]+"
)


class Noted(NamedTuple):
    """An anomaly and the bytes that prove it, `at` from the file header's start."""

    at: int
    size: int
    body: Anomaly


class _Places(NamedTuple):
    """Where the fields of the file header are."""

    entry: int
    phoff: int
    shoff: int
    ehsize: int  # the six half words from here on

    @staticmethod
    def of(form: Form) -> "_Places":
        return _Places(24, 32, 40, 52) if form.wide else _Places(24, 28, 32, 40)


def header_anomalies(layout: Layout, interpreter: str | None) -> Iterator[Noted]:
    """What is wrong with the file header, the tables, segments, entry point and interpreter."""
    yield from _identification(layout)
    yield from _sizes(layout)
    yield from _tables(layout)
    yield from _segments(layout)
    yield from _entry(layout)
    yield from _interpreter(layout, interpreter)


def _identification(layout: Layout) -> Iterator[Noted]:
    headers, form = layout.headers, layout.form
    ident, machine = headers.ident, headers.file.e_machine
    declared = Form(ident[4] == 2, ident[5] == 2)
    if declared != form:
        proof = f"EI_CLASS {ident[4]}, EI_DATA {ident[5]}; the header is that of {_form_name(form)}"
        yield _noted(4, 2, "identification_wrong", proof, attack=("T1027",))
    if (machine in _ONLY_64 and not form.wide) or (machine in _ONLY_32 and form.wide):
        yield _noted(4, 1, "class_against_machine", f"{_form_name(form)} for {machine_name(machine)}")
    if (machine in _ONLY_LITTLE and form.big) or (machine in _ONLY_BIG and not form.big):
        yield _noted(5, 1, "byte_order_against_machine", f"{form.order}-endian for {machine_name(machine)}")
    padding = ident[9:]
    if any(padding) and not (ident[8:10] == b"AI" and ident[10] in (1, 2) and not any(ident[11:])):
        yield _noted(9, 7, "identification_padding", f"bytes {padding.hex()} where zeros belong")
    if not is_machine(machine):
        yield _noted(18, 2, "machine_unknown", f"e_machine {machine:#x}")
    if headers.file.e_version != 1:
        yield _noted(20, 4, "version_unknown", f"e_version {headers.file.e_version:#x}, 1 is the only one")


def _sizes(layout: Layout) -> Iterator[Noted]:
    headers, form = layout.headers, layout.form
    file, at = headers.file, _Places.of(form).ehsize
    checks = (
        (0, "e_ehsize", file.e_ehsize, HEADER_SIZES[form.wide], True),
        (2, "e_phentsize", file.e_phentsize, SEGMENT_SIZES[form.wide], bool(headers.segment_table.entries)),
        (6, "e_shentsize", file.e_shentsize, SECTION_SIZES[form.wide], bool(headers.section_table.entries)),
    )
    for into, field, value, wanted, matters in checks:
        if matters and value != wanted:
            yield _noted(at + into, 2, f"{field[2:]}_wrong", f"{field} {value}, an entry has {wanted} bytes")


def _tables(layout: Layout) -> Iterator[Noted]:
    headers, places = layout.headers, _Places.of(layout.form)
    file, word = headers.file, layout.form.word
    segments, sections = headers.segment_table, headers.section_table
    if segments.present < min(segments.entries, SEGMENTS_READ):
        proof = f"{segments.present} of {segments.entries} program headers are in the file"
        yield _noted(places.phoff, word, "program_headers_cut", proof)
    if segments.entries > SEGMENTS_READ:
        proof = f"{segments.entries} program headers; the first {SEGMENTS_READ} are read"
        yield _noted(places.ehsize + 4, 2, "segments_not_told", proof)
    if file.e_phnum == PN_XNUM and segments.entries < PN_XNUM:
        proof = f"e_phnum PN_XNUM for {segments.entries} program headers"
        yield _noted(places.ehsize + 4, 2, "program_header_count_extended", proof)
    if not segments.entries and layout.type in (names.EXEC, names.DYN):
        yield _noted(places.ehsize + 4, 2, "program_headers_none", f"e_phoff {file.e_phoff:#x}, e_phnum {file.e_phnum}")
    if sections.entries and not sections.present:
        proof = f"e_shoff {file.e_shoff:#x} lies past the end"
        yield _noted(places.shoff, word, "section_headers_past_end", proof)
    elif sections.present < min(sections.entries, SECTIONS_READ):
        proof = f"{sections.present} of {sections.entries} section headers are in the file"
        yield _noted(places.shoff, word, "section_headers_cut", proof)
    if sections.present > SECTIONS_TOLD or sections.entries > SECTIONS_READ:
        proof = f"{sections.entries} sections; {sections.present} are read, the first {SECTIONS_TOLD} told"
        yield _noted(places.ehsize + 8, 2, "sections_not_told", proof)
    if sections.entries and not file.e_shnum and sections.entries < SHN_LORESERVE:
        proof = f"e_shnum 0, the first section header says {sections.entries}"
        yield _noted(places.ehsize + 8, 2, "section_count_extended", proof)
    if not sections.entries and layout.type in (names.EXEC, names.DYN):
        proof = f"e_shoff {file.e_shoff:#x}, e_shnum {file.e_shnum}"
        yield _noted(places.shoff, word, "section_headers_none", proof, attack=("T1027.008",))
    if sections.present and not 0 <= headers.names_section < sections.entries:
        proof = f"e_shstrndx {headers.names_section} of {sections.entries} sections"
        yield _noted(places.ehsize + 10, 2, "names_section_out_of_range", proof)


def _segments(layout: Layout) -> Iterator[Noted]:
    """Each kind of anomaly is told of the first segments that have it, and counted for the rest."""
    table, rows = layout.headers.segment_table, layout.headers.segments
    counts: Counter[str] = Counter()
    last = -1
    for number, row in enumerate(rows):
        for name, proof in _segment(layout, row, last):
            counts[name] += 1
            if counts[name] <= SEGMENTS_TOLD:
                yield _noted(table.at + number * table.stride, table.stride, name, f"segment {number}: {proof}")
        last = row.vaddr if row.type == names.PT_LOAD else last
    loads = [(r.vaddr, r.vaddr + r.memsz, n) for n, r in enumerate(rows) if r.type == names.PT_LOAD and r.memsz]
    for number in sorted(overlaps(loads)):
        row = rows[number]
        counts["segments_overlap"] += 1
        if counts["segments_overlap"] <= SEGMENTS_TOLD:
            proof = f"segment {number}: {row.memsz:#x} bytes at {row.vaddr:#x} are in part another's"
            yield _noted(table.at + number * table.stride, table.stride, "segments_overlap", proof)
    more = {name: count for name, count in counts.items() if count > SEGMENTS_TOLD}
    if more:
        told = ", ".join(f"{name} of {count} segments" for name, count in sorted(more.items()))
        proof = f"{told}; the first {SEGMENTS_TOLD} of each are told"
        yield _noted(table.at, table.present * table.stride, "segment_anomalies_not_told", proof)
    interpreters = sum(row.type == names.PT_INTERP for row in rows)
    if interpreters > 1:
        proof = f"{interpreters} PT_INTERP; Linux takes the first"
        yield _noted(table.at, table.present * table.stride, "interpreters_many", proof)


def _segment(layout: Layout, row: ProgramHeader, last: int) -> Iterator[tuple[str, str]]:
    """(name, proof) of what is wrong with a segment; `last` is the address of the one loaded before it."""
    core = layout.type == names.CORE
    there = layout.stored(row.offset, row.filesz)
    if there < row.filesz:
        yield "segment_cut", f"{there:#x} of {row.filesz:#x} bytes are there"
    if row.type != names.PT_LOAD:
        return
    if row.flags & names.PF_W and row.flags & names.PF_X and not core and layout.machine not in _WRITTEN_CODE:
        yield "segment_writable_executable", f"at {row.vaddr:#x}, writable and executable"
    if row.filesz > row.memsz and not core:
        yield "segment_file_size_over_memory_size", f"{row.filesz:#x} bytes in the file, {row.memsz:#x} in memory"
    if row.align > 1 and (row.align & (row.align - 1) or (row.vaddr - row.offset) % row.align):
        yield "segment_alignment_wrong", f"offset {row.offset:#x}, address {row.vaddr:#x}, alignment {row.align:#x}"
    if row.vaddr < last:
        yield "segments_unsorted", f"address {row.vaddr:#x} after {last:#x}"


def _entry(layout: Layout) -> Iterator[Noted]:
    entry, at = layout.headers.file.e_entry, _Places.of(layout.form).entry
    program = layout.type == names.EXEC or (layout.type == names.DYN and layout.needs_interpreter)
    if not program or not layout.headers.segments or not entry:
        return
    number = layout.segment_of(entry)
    if number is None:
        yield _noted(at, layout.form.word, "entry_point_outside_segments", f"entry point {entry:#x}")
        return
    flags = layout.headers.segments[number].flags
    descriptor = layout.machine in _DESCRIPTORS or (layout.machine == PPC64 and layout.headers.file.e_flags & 3 != 2)
    if not flags & names.PF_X and not descriptor:
        proof = f"entry point {entry:#x} in segment {number} ({names.rights(flags)})"
        yield _noted(at, layout.form.word, "entry_point_not_executable", proof)


def _interpreter(layout: Layout, interpreter: str | None) -> Iterator[Noted]:
    if interpreter is None or _INTERPRETERS.fullmatch(interpreter):
        return
    row = layout.segment(names.PT_INTERP)
    if row is None:
        return
    size = layout.stored(row.offset, row.filesz)
    if not interpreter.startswith("/"):
        yield _noted(row.offset, size, "interpreter_relative", f"interpreter {interpreter!r}", attack=("T1574.006",))
    else:
        yield _noted(row.offset, size, "interpreter_unusual", f"interpreter {interpreter!r}")


def _form_name(form: Form) -> str:
    return f"ELF{64 if form.wide else 32} {form.order}-endian"


def _noted(at: int, size: int, name: str, proof: str, *, attack: tuple[str, ...] = ()) -> Noted:
    return Noted(at, size, Anomaly(name, proof, attack))
