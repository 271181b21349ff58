"""The dynamic table: what a loader has to know, as pairs of a tag and a value up to DT_NULL.

https://gabi.xinuos.com/elf/08-dynamic.html. It is found by PT_DYNAMIC and its strings by DT_STRTAB, as the loader finds
them, so that section headers are not needed. What relocations do with it is not handled: pointers in the arrays of
functions are told as stored, which is 0 where a relocation fills them in.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.elf import names, tags
from rorqual.analyzers.formats.elf.bodies import ROWS
from rorqual.analyzers.formats.elf.context import WOKEN, layout_of
from rorqual.analyzers.formats.elf.layout import DYNAMIC_READ, Dynamic, Layout
from rorqual.analyzers.formats.elf.memory import Memory
from rorqual.analyzers.formats.elf.symbol_table import dynamic_strings
from rorqual.analyzers.formats.strings import Strings
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View, frozen

NEEDED_TOLD = 1024  # libraries in the summary; the rows of the table have all
FUNCTIONS_TOLD = 64  # pointers of one array; a library with more has generated them
ANOMALIES_TOLD = 64  # of one kind in the table, which a liar can repeat at will
_WRITABLE = ("/tmp", "/var/tmp", "/dev/shm", "/home", "/run/user")  # where others than root may put a library


class ELFDynamicEntry(NamedTuple):
    """An entry of the dynamic table."""

    tag: str
    value: int
    text: str | None  # what the value names in the strings


@frozen
class ELFDynamicEntries:
    """Entries of the dynamic table; the finding spans them."""

    tag: ClassVar[str] = "elf_dynamic_entries"
    first: int  # index of the first row
    rows: tuple[ELFDynamicEntry, ...]


@frozen
class ELFFunctions:
    """An array of functions that run before or after the program."""

    name: str  # PREINIT_ARRAY, INIT_ARRAY or FINI_ARRAY
    address: int
    count: int
    functions: tuple[int, ...]  # addresses as stored, at most FUNCTIONS_TOLD


@frozen
class ELFDynamic:
    """What the dynamic table says; the finding spans it."""

    tag: ClassVar[str] = "elf_dynamic"
    entries: int
    number_of_needed: int
    needed: tuple[str, ...]  # libraries, in the order of loading; at most NEEDED_TOLD
    soname: str | None
    rpath: str | None
    runpath: str | None
    audit: str | None
    flags: tuple[str, ...]
    flags_1: tuple[str, ...]
    text_relocations: bool
    init: int | None  # address of the function
    fini: int | None
    arrays: tuple[ELFFunctions, ...]


class ELFDynamicProbe:
    """The dynamic table of an ELF file."""

    name = "elf-dynamic"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The summary, the rows, and what is wrong with them."""
        layout = layout_of(hit)
        dynamic = layout.dynamic
        if dynamic is None:
            return
        strings = dynamic_strings(layout, hit.view)
        rows = [_row(layout, strings, tag, value) for tag, value in dynamic.entries]
        size = 2 * layout.form.word
        yield hit.finding(dynamic.at, (len(rows) + dynamic.ended) * size, _summary(layout, dynamic, rows, hit.view))
        for first in range(0, len(rows), ROWS):
            told = tuple(rows[first : first + ROWS])
            yield hit.finding(dynamic.at + first * size, len(told) * size, ELFDynamicEntries(first, told))
        yield from _anomalies(hit, layout, dynamic, rows)


def _row(layout: Layout, strings: Strings | None, tag: int, value: int) -> ELFDynamicEntry:
    text = strings.text(value) if strings is not None and tag in tags.STRINGS else None
    return ELFDynamicEntry(tags.tag_name(tag, layout.machine), value, text)


def _summary(layout: Layout, dynamic: Dynamic, rows: list[ELFDynamicEntry], view: View) -> ELFDynamic:
    needed = [row for row, (tag, _) in zip(rows, dynamic.entries, strict=True) if tag == tags.DT_NEEDED]
    texts = {tag: row.text for row, (tag, _) in zip(rows, dynamic.entries, strict=True)}
    flags, flags_1 = dynamic.value(tags.DT_FLAGS) or 0, dynamic.value(tags.DT_FLAGS_1) or 0
    return ELFDynamic(
        entries=len(rows),
        number_of_needed=len(needed),
        needed=tuple(row.text or "" for row in needed[:NEEDED_TOLD]),
        soname=texts.get(tags.DT_SONAME),
        rpath=texts.get(tags.DT_RPATH),
        runpath=texts.get(tags.DT_RUNPATH),
        audit=texts.get(tags.DT_AUDIT),
        flags=names.flags(flags, tags.FLAGS),
        flags_1=names.flags(flags_1, tags.flags_1()),
        text_relocations=dynamic.value(tags.DT_TEXTREL) is not None or bool(flags & 0x4),
        init=dynamic.value(tags.DT_INIT),
        fini=dynamic.value(tags.DT_FINI),
        arrays=tuple(_arrays(layout, dynamic, view)),
    )


def _arrays(layout: Layout, dynamic: Dynamic, view: View) -> Iterator[ELFFunctions]:
    pairs = (
        (tags.DT_PREINIT_ARRAY, tags.DT_PREINIT_ARRAYSZ),
        (tags.DT_INIT_ARRAY, tags.DT_INIT_ARRAYSZ),
        (tags.DT_FINI_ARRAY, tags.DT_FINI_ARRAYSZ),
    )
    form = layout.form
    for tag, size_tag in pairs:
        address = dynamic.value(tag)
        if address is None:
            continue
        count = (dynamic.value(size_tag) or 0) // form.word
        data = Memory(layout, view).read(address, min(count, FUNCTIONS_TOLD) * form.word)
        told = len(data) // form.word
        functions = struct.unpack(f"{form.mark}{told}{form.words}", data[: told * form.word])
        yield ELFFunctions(tags.tag_name(tag, 0), address, count, functions)


def _anomalies(hit: Hit, layout: Layout, dynamic: Dynamic, rows: list[ELFDynamicEntry]) -> Iterator[Finding]:
    size = 2 * layout.form.word
    whole = (len(rows) + dynamic.ended) * size
    if not dynamic.whole:
        proof = f"more than {DYNAMIC_READ} entries; these are told"
        yield hit.finding(dynamic.at, whole, Anomaly("dynamic_entries_not_told", proof))
    elif not dynamic.ended:
        yield hit.finding(dynamic.at, whole, Anomaly("dynamic_not_ended", f"{len(rows)} entries and no DT_NULL"))
    row = layout.segment(names.PT_DYNAMIC)
    if row is not None and row.offset != dynamic.at and layout.type != names.REL:
        proof = f"PT_DYNAMIC says offset {row.offset:#x}; its address {row.vaddr:#x} is mapped from {dynamic.at:#x}"
        yield hit.finding(dynamic.at, whole, Anomaly("dynamic_offset_wrong", proof))
    left = ANOMALIES_TOLD
    for number, ((tag, value), one) in enumerate(zip(dynamic.entries, rows, strict=True)):
        for anomaly in _entry(tag, value, one):
            if left > 0:
                yield hit.finding(dynamic.at + number * size, size, anomaly)
            left -= 1
    if left < 0:
        proof = f"{ANOMALIES_TOLD - left} entries are odd; the first {ANOMALIES_TOLD} are told"
        yield hit.finding(dynamic.at, whole, Anomaly("dynamic_anomalies_not_told", proof))


def _entry(tag: int, value: int, row: ELFDynamicEntry) -> Iterator[Anomaly]:
    if tag not in tags.STRINGS:
        return
    if row.text is None:
        yield Anomaly("dynamic_string_out_of_range", f"{row.tag} at {value:#x} of the strings")
        return
    if tag == tags.DT_NEEDED and "/" in row.text:
        yield Anomaly("needed_with_path", f"NEEDED {row.text!r}")
    if tag == tags.DT_NEEDED and not row.text:
        yield Anomaly("needed_empty", f"NEEDED at {value:#x} of the strings")
    if tag in (tags.DT_RPATH, tags.DT_RUNPATH):
        kinds = sorted({kind for part in row.text.split(":") if (kind := path_kind(part)) in ("relative", "writable")})
        for kind in kinds:
            yield Anomaly(f"run_path_{kind}", f"{row.tag} {row.text!r}", ("T1574.006",))


def path_kind(path: str) -> str:
    """What a directory of a run path is: "origin" (the file's own), "relative", "writable" by others, or "absolute"."""
    if path.startswith(("$ORIGIN", "${ORIGIN}")):
        return "origin"
    if not path.startswith(("/", "$LIB", "$PLATFORM")):
        return "relative"
    return "writable" if any(path == top or path.startswith(top + "/") for top in _WRITABLE) else "absolute"
