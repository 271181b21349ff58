"""What is wrong with single sections; the names are stable, and a section's own fields are the proof."""

from collections.abc import Iterator

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.layout import Layout, Section

SECTIONS_TOLD = 2048  # what programs and libraries never reach; further rows are counted and measured, not told

# What the specification's special names stand for. A section without bytes may stand for any: files of debugging
# information keep the headers of what was split from them.
_TYPES = {
    ".bss": 8,
    ".comment": 1,
    ".dynamic": 6,
    ".dynstr": 3,
    ".dynsym": 11,
    ".init": 1,
    ".interp": 1,
    ".rodata": 1,
    ".shstrtab": 3,
    ".strtab": 3,
    ".symtab": 2,
    ".text": 1,
}
_EXECUTABLE = frozenset({".text", ".init", ".fini"})


def section_anomalies(layout: Layout) -> list[tuple[str, ...]]:
    """For each section told, the names of what is wrong with it; its own fields are the proof."""
    told = layout.sections[:SECTIONS_TOLD]
    overlapping = overlaps([(s.at, s.end, s.number) for s in told if s.present])
    loaded = layout.segment(names.PT_LOAD) is not None and layout.type in (names.EXEC, names.DYN)
    return [tuple(_section(layout, section, overlapping, loaded=loaded)) for section in told]


def _section(layout: Layout, section: Section, overlapping: set[int], *, loaded: bool) -> Iterator[str]:
    row = section.row
    if section.present < row.stored:
        yield "past_end"
    if section.number in overlapping:
        yield "overlap"
    if section.present and section.at < (64 if layout.form.wide else 52):
        yield "over_header"
    if row.name and not section.name:
        yield "name_out_of_range"
    if row.link >= layout.headers.section_table.entries and row.link:
        yield "link_out_of_range"
    if row.flags & names.SHF_WRITE and row.flags & names.SHF_EXECINSTR:
        yield "writable_and_executable"
    wanted = _TYPES.get(section.name, row.type)
    empty = row.type == names.SHT_NOBITS or not row.size
    if wanted != row.type and not empty:
        yield "type_against_name"
    elif section.name in _EXECUTABLE and not row.flags & names.SHF_EXECINSTR and not empty:
        yield "flags_against_name"
    if loaded and row.flags & names.SHF_ALLOC and row.size and not _thread_zeros(section):
        at, stored, mapped = layout.mapped(row.addr)
        if not mapped:
            yield "address_outside_segments"
        elif row.stored and stored and at != row.offset:
            yield "offset_against_address"


def _thread_zeros(section: Section) -> bool:
    """.tbss has an address and takes no place there."""
    return section.row.type == names.SHT_NOBITS and bool(section.row.flags & 0x400)


def overlaps(spans: list[tuple[int, int, int]]) -> set[int]:
    """The third members of those (start, end, number) spans that share a byte with another."""
    found: set[int] = set()
    reached, holder = 0, 0
    for start, end, number in sorted(span for span in spans if span[0] < span[1]):
        if start < reached:
            found |= {number, holder}
        if end > reached:
            reached, holder = end, number
    return found
