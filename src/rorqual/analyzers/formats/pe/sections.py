"""What is wrong with single sections; the names are stable, and a section's own fields are the proof."""

from collections.abc import Iterator

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import PAGE, SECTOR, Layout, Section


def section_anomalies(layout: Layout) -> list[tuple[str, ...]]:
    """For each section told, the names of what is wrong with it; its own fields are the proof."""
    raw_overlap = _overlapping([(s.at, s.end, s.number) for s in layout.sections if s.present])
    virtual_overlap = _overlapping(
        [
            (s.row.virtual_address, s.row.virtual_address + (s.row.virtual_size or s.row.raw_size), s.number)
            for s in layout.sections
        ]
    )
    return [tuple(_section(layout, section, raw_overlap, virtual_overlap)) for section in layout.sections]


def _section(layout: Layout, section: Section, raw_overlap: set[int], virtual_overlap: set[int]) -> Iterator[str]:
    row, optional = section.row, layout.headers.optional
    alignment = optional.section_alignment
    if row.has_raw and section.present < row.raw_size:
        yield "raw_past_end"
    if row.raw_size and not row.raw_pointer and row.raw_size > row.virtual_size:
        yield "raw_size_without_pointer"
    if row.has_raw and alignment >= PAGE and row.raw_pointer % SECTOR:
        yield "raw_pointer_unaligned"
    if section.present and section.at < layout.headers.end:
        yield "raw_over_headers"
    if section.number in raw_overlap:
        yield "raw_overlap"
    if row.has_raw and row.virtual_size and row.raw_size - row.virtual_size >= max(PAGE, optional.file_alignment):
        yield "raw_beyond_virtual"
    if not row.virtual_size and not row.raw_size:
        yield "empty"
    if alignment and row.virtual_address % alignment:
        yield "virtual_address_unaligned"
    if section.number in virtual_overlap:
        yield "virtual_overlap"
    if section.number and row.virtual_address < layout.sections[section.number - 1].row.virtual_address:
        yield "virtual_out_of_order"
    if row.characteristics & names.MEM_WRITE and row.characteristics & names.MEM_EXECUTE:
        yield "writable_and_executable"


def _overlapping(spans: list[tuple[int, int, int]]) -> set[int]:
    """The third members of those (start, end, number) spans that share a byte with another."""
    found: set[int] = set()
    reached, holder = 0, 0
    for start, end, number in sorted(span for span in spans if span[0] < span[1]):
        if start < reached:
            found |= {number, holder}
        if end > reached:
            reached, holder = end, number
    return found
