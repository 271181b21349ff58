"""What is wrong with single sections; the names are stable, and a section's own fields are the proof."""

from collections.abc import Iterator

from rorqual.analyzers.formats.macho import names
from rorqual.analyzers.formats.macho.layout import Layout, Section

SECTIONS_TOLD = 2048  # files have tens; the loader allows 255 where symbols refer to them. Further ones are counted


def section_anomalies(layout: Layout) -> list[tuple[str, ...]]:
    """For each section told, the names of what is wrong with it; its own fields are the proof."""
    told = layout.sections[:SECTIONS_TOLD]
    shared = overlaps([(one.at, one.at + one.present, one.number) for one in told if one.present])
    return [tuple(_section(layout, one, shared)) for one in told]


def _section(layout: Layout, section: Section, shared: set[int]) -> Iterator[str]:
    row, segment = section.row, layout.headers.segments[section.segment].row
    if section.present < section.stored:
        yield "past_end"
    if section.number in shared:
        yield "overlap"
    if section.present and section.at < layout.headers.end:
        yield "over_headers"
    if row.relocations and layout.stored(row.relocations_offset, section.relocations_size) < section.relocations_size:
        yield "relocations_past_end"
    if row.size and not segment.address <= row.address <= segment.address + segment.memory_size - row.size:
        yield "address_outside_segment"
    stored = section.stored
    if stored and not segment.offset <= row.offset <= segment.offset + segment.file_size - stored:
        yield "offset_outside_segment"
    elif stored and layout.type != names.OBJECT and row.address - segment.address != row.offset - segment.offset:
        yield "offset_against_address"
    if layout.type != names.OBJECT and row.segment.rstrip(b"\0") != segment.name.rstrip(b"\0"):
        yield "segment_name_differs"


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
