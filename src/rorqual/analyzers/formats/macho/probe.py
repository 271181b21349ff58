"""The probe for Mach-O files: it reads the headers once, lays the file out and says what is there.

Woken at the magic it tells file header, segments, sections and what else is placed, and announces the file to the
probes of its parts; woken at the end of a source that is a Mach-O file it tells the overlay, whose extent is known
only there. A file inside something bigger has no overlay of its own, and a slice of the universal file that the
source starts with is told as that file's child.
"""

from collections import Counter
from collections.abc import Iterator

from rorqual.analyzers.formats.macho import commands, cpus, identity, names
from rorqual.analyzers.formats.macho.anomalies import header_anomalies
from rorqual.analyzers.formats.macho.bodies import (
    ROWS,
    MachOCommandCount,
    MachOData,
    MachODataRow,
    MachOEncryption,
    MachOFileset,
    MachOImage,
    MachOOverlay,
    MachOSection,
    MachOSegment,
)
from rorqual.analyzers.formats.macho.entry import Entry, entry_of
from rorqual.analyzers.formats.macho.fat import is_slice
from rorqual.analyzers.formats.macho.form import likelihood
from rorqual.analyzers.formats.macho.headers import fixed_name, read_headers
from rorqual.analyzers.formats.macho.layout import Layout
from rorqual.analyzers.formats.macho.sections import SECTIONS_TOLD, section_anomalies
from rorqual.analyzers.formats.slack import slack
from rorqual.sdk import Anchor, Extent, Finding, Hit, Kind, Malformed, RangeDigest, Region, Said, TailDigest, View

ENTRY_BYTES = 16  # told of the entry point; the longest x86 instruction has 15
SEGMENTS_TOLD = 2048  # but core files have a handful; further ones are counted

_END = Kind("end")
_MEASURES = ("entropy", "sha256")


class MachO:
    """File header, load commands, segments, sections and overlay of Mach-O files."""

    name = "macho"
    version = 1
    announces: tuple[str, ...] = ("macho",)
    # Magic, and a processor's number as it is stored: below 0x21, with the bits for ABIs in the upper byte.
    wakes_on: tuple[Anchor | Kind, ...] = (
        Anchor(rb"[\xce\xcf]\xfa\xed\xfe[\x01-\x20]\x00\x00[\x00-\x02]"),
        Anchor(rb"\xfe\xed\xfa[\xce\xcf][\x00-\x02]\x00\x00[\x01-\x20]"),
        _END,
    )

    def score(self, view: View, /) -> int:
        """How much the place looks like a Mach-O file."""
        return likelihood(view)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Headers, anomalies, segments, sections and extent at the magic; the overlay at the end."""
        if hit.trigger == _END:
            yield from _overlay(hit)
            return
        view = hit.view
        if hit.offset and is_slice(view.sub(-hit.offset), hit.offset):
            raise Malformed(hit.offset, "a Mach-O file of its own, not a slice that is a child")
        layout = Layout(view, read_headers(view))
        entry = entry_of(layout)
        yield hit.finding(0, layout.end, _image(view, layout, entry))
        for at, size, anomaly in header_anomalies(layout, entry):
            yield hit.finding(at, layout.stored(at, size), anomaly)
        yield from _segments(hit, layout)
        yield from _sections(hit, layout)
        yield from _data(hit, layout)
        yield from _encryption(hit, layout)
        yield from _fileset(hit, layout)
        yield _extent(layout)
        yield from slack(hit, _covered(layout), layout.end, "macho")
        yield Region(0, layout.end, "macho", context=layout)
        if hit.offset == 0:
            yield TailDigest(layout.end, _MEASURES)  # the overlay, if there is one


def _image(view: View, layout: Layout, entry: Entry | None) -> MachOImage:
    headers, file = layout.headers, layout.headers.file
    address = entry.address if entry is not None else None
    entry_at = None if address is None else layout.at(address)
    segment = None if address is None else layout.segment_of(address)
    section = None if address is None else layout.section_of(address)
    counts = Counter(command.command for command in headers.commands)
    return MachOImage(
        format="Mach-O 64" if layout.form.wide else "Mach-O 32",
        byte_order=layout.form.order,
        type=names.type_name(file.type),
        cpu=cpus.cpu_name(file.cpu),
        cpu_subtype=cpus.subtype_name(file.cpu, file.subtype),
        cpu_capabilities=cpus.capabilities(file.cpu, file.subtype),
        cpu_number=file.cpu,
        cpu_subtype_number=file.subtype,
        flags=file.flags,
        flag_names=names.flags(file.flags, names.HEADER_FLAGS),
        number_of_commands=file.commands,
        size_of_commands=file.commands_size,
        commands=tuple(MachOCommandCount(commands.command_name(one), count) for one, count in counts.items()),
        number_of_segments=len(headers.segments),
        number_of_sections=len(layout.sections),
        image_base=layout.base,
        entry_command=None if entry is None else commands.command_name(entry.command.command),
        entry_point=address,
        entry_point_offset=None if entry_at is None else view.offset + entry_at,
        entry_point_segment=None if segment is None else fixed_name(segment.row.name),
        entry_point_section=None if section is None else section.label,
        entry_point_bytes=b"" if entry_at is None else view.read(entry_at, layout.stored(entry_at, ENTRY_BYTES)),
        stack_size=None if entry is None else entry.stack_size,
        uuid=identity.uuid_of(headers),
        builds=identity.builds(headers),
        source_version=identity.source_version(headers),
        dylinker=identity.text_of(headers, commands.LOAD_DYLINKER) or identity.text_of(headers, commands.ID_DYLINKER),
        target=identity.text_of(headers, commands.TARGET_TRIPLE),
        size=layout.whole_end,
        present=layout.present,
    )


def _segments(hit: Hit, layout: Layout) -> Iterator[Said]:
    for segment in layout.headers.segments[:SEGMENTS_TOLD]:
        row, command = segment.row, segment.command
        present = layout.stored(row.offset, row.file_size)
        body = MachOSegment(
            index=segment.number,
            name=fixed_name(row.name),
            address=row.address,
            memory_size=row.memory_size,
            offset=row.offset,
            file_size=row.file_size,
            present=present,
            protection=names.rights(row.protection),
            max_protection=names.rights(row.max_protection),
            number_of_sections=row.sections,
            flags=names.flags(row.flags, names.SEGMENT_FLAGS),
            encrypted=bool(row.flags & names.PROTECTED_VERSION_1),
            command_offset=hit.offset + command.at,
        )
        if present:
            yield _measured(hit.finding(row.offset, present, body))
        else:
            yield hit.finding(command.at, command.size, body)


def _sections(hit: Hit, layout: Layout) -> Iterator[Said]:
    for section, anomalies in zip(layout.sections[:SECTIONS_TOLD], section_anomalies(layout), strict=True):
        row = section.row
        body = MachOSection(
            index=section.number,
            name=section.name,
            segment=section.segment_name,
            address=row.address,
            declared_size=row.size,
            offset=row.offset,
            present=section.present,
            alignment=1 << min(row.align, 63),
            type=names.section_type(row.flags),
            attributes=names.flags(row.flags & ~names.SECTION_TYPE, names.SECTION_ATTRIBUTES),
            relocations_offset=row.relocations_offset,
            number_of_relocations=row.relocations,
            reserved=(row.reserved1, row.reserved2, row.reserved3),
            row_offset=hit.offset + section.row_at,
            anomalies=anomalies,
        )
        if section.present:
            yield _measured(hit.finding(section.at, section.present, body))
        else:
            yield hit.finding(section.row_at, section.row_size, body)


def _data(hit: Hit, layout: Layout) -> Iterator[Finding]:
    for first in range(0, len(layout.parts), ROWS):
        parts = layout.parts[first : first + ROWS]
        rows = tuple(
            MachODataRow(one.name, one.command.number, hit.offset + one.at, one.size, one.present) for one in parts
        )
        there = [(one.at, one.at + one.present) for one in parts if one.present]
        spans = there or [(one.command.at, one.command.at + one.command.size) for one in parts]
        start, end = min(span[0] for span in spans), max(span[1] for span in spans)
        yield hit.finding(start, end - start, MachOData(first, rows))


def _encryption(hit: Hit, layout: Layout) -> Iterator[Finding]:
    for command in layout.headers.of(commands.ENCRYPTION_INFO, commands.ENCRYPTION_INFO_64):
        numbers = layout.headers.numbers(command, "3I")
        if numbers is None:
            continue
        at, size, cryptid = numbers
        body = MachOEncryption(cryptid != 0, cryptid, hit.offset + at, size, hit.offset + command.at)
        present = layout.stored(at, size)
        yield hit.finding(*((at, present) if present else (command.at, command.size)), body)


def _fileset(hit: Hit, layout: Layout) -> Iterator[Finding]:
    entries = [one._replace(offset=hit.offset + one.offset) for one in identity.fileset(layout.headers)]
    for first in range(0, len(entries), ROWS):
        rows = tuple(entries[first : first + ROWS])
        yield hit.finding(layout.form.header, len(layout.headers.data) - layout.form.header, MachOFileset(first, rows))


def _extent(layout: Layout) -> Extent:
    last = max(layout.parts, key=lambda one: one.at + one.size, default=None)
    what = f"; the last data of a load command, {last.name}, ends at {last.at + last.size:#x}" if last else ""
    proof = f"{len(layout.headers.segments)} segments, the last of all ends at {layout.whole_end:#x}{what}"
    cut = "" if layout.end == layout.whole_end else f"; cut at {layout.end:#x}"
    return Extent(0, layout.end, "macho", proof + cut)


def _covered(layout: Layout) -> Iterator[tuple[int, int]]:
    """What a loader and tools read: the load commands, segments, sections, and what commands point at."""
    yield 0, layout.headers.end
    for segment in layout.headers.segments:
        yield segment.row.offset, segment.row.offset + segment.row.file_size
    for section in layout.sections:
        yield section.at, section.at + section.present
        yield section.row.relocations_offset, section.row.relocations_offset + section.relocations_size
    for part in layout.parts:
        yield part.at, part.at + part.present


def _overlay(hit: Hit) -> Iterator[Said]:
    view = hit.view.sub(-hit.offset)
    if not likelihood(view):
        return
    layout = Layout(view, read_headers(view))
    if layout.end < hit.offset:
        yield _measured(hit.finding(layout.end - hit.offset, hit.offset - layout.end, MachOOverlay()))


def _measured(finding: Finding) -> RangeDigest:
    return RangeDigest(finding, ((finding.offset, finding.size),), _MEASURES)
