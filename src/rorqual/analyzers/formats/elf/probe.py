"""The probe for ELF files: it reads the headers once, lays the file out and says what is there.

Woken at the magic it tells file header, segments and sections, and announces the file to the probes of its parts;
woken at the end of a source that is an ELF file it tells the overlay, whose extent is known only there. An ELF file
inside something bigger has no overlay of its own.
"""

from collections.abc import Iterator

from rorqual.analyzers.formats.elf import names, tags
from rorqual.analyzers.formats.elf.anomalies import header_anomalies
from rorqual.analyzers.formats.elf.bodies import (
    ROWS,
    ELFImage,
    ELFOverlay,
    ELFPart,
    ELFSection,
    ELFSegment,
    ELFSegments,
)
from rorqual.analyzers.formats.elf.form import likelihood
from rorqual.analyzers.formats.elf.headers import read_headers
from rorqual.analyzers.formats.elf.layout import MODULE_SIGNATURE, Layout
from rorqual.analyzers.formats.elf.machine_flags import flag_names
from rorqual.analyzers.formats.elf.machines import machine_name, os_abi_name
from rorqual.analyzers.formats.elf.sections import SECTIONS_TOLD, section_anomalies
from rorqual.analyzers.formats.slack import slack
from rorqual.sdk import Anchor, Extent, Finding, Hit, Kind, RangeDigest, Region, Said, TailDigest, View

ENTRY_BYTES = 16  # told of the entry point; the longest x86 instruction has 15
INTERPRETER_MOST = 4096  # PATH_MAX of Linux, which loads no file whose interpreter's path is longer

_END = Kind("end")
_MEASURES = ("entropy", "sha256")


class ELF:
    """File header, segments, sections and overlay of ELF files."""

    name = "elf"
    version = 1
    announces = ("elf",)
    # e_ident: magic, class, byte order, version 1.
    wakes_on: tuple[Anchor | Kind, ...] = (Anchor(rb"\x7fELF[\x01\x02][\x01\x02]\x01"), _END)

    def score(self, view: View, /) -> int:
        """How much the place looks like an ELF file."""
        return likelihood(view)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Headers, anomalies, sections and extent at the magic; the overlay at the end."""
        if hit.trigger == _END:
            yield from _overlay(hit)
            return
        view = hit.view
        layout = Layout(view, read_headers(view))
        interpreter = _interpreter(view, layout)
        yield hit.finding(0, layout.end, _image(view, layout, interpreter))
        for at, size, anomaly in header_anomalies(layout, interpreter):
            yield hit.finding(at, size, anomaly)
        yield from _segments(hit, layout)
        yield from _sections(hit, layout)
        yield _extent(layout)
        yield from slack(hit, _covered(layout), layout.end, "elf")
        yield Region(0, layout.end, "elf", context=layout)
        if hit.offset == 0:
            yield TailDigest(layout.end, _MEASURES)  # the overlay, if there is one


def _image(view: View, layout: Layout, interpreter: str | None) -> ELFImage:
    headers, file, ident = layout.headers, layout.headers.file, layout.headers.ident
    entry_at = layout.at(file.e_entry) if file.e_entry else None
    section = layout.section_of(file.e_entry) if file.e_entry else None
    return ELFImage(
        format="ELF64" if layout.form.wide else "ELF32",
        byte_order=layout.form.order,
        type=names.type_name(file.e_type),
        kind=_kind(layout),
        machine=machine_name(file.e_machine),
        machine_number=file.e_machine,
        os_abi=os_abi_name(ident[7], file.e_machine),
        abi_version=ident[8],
        appimage=ident[10] if ident[8:10] == b"AI" and ident[10] in (1, 2) else None,
        flags=file.e_flags,
        flag_names=flag_names(file.e_machine, file.e_flags),
        entry_point=file.e_entry,
        entry_point_offset=None if entry_at is None else view.offset + entry_at,
        entry_point_segment=layout.segment_of(file.e_entry) if file.e_entry else None,
        entry_point_section=None if section is None else section.name,
        entry_point_bytes=b"" if entry_at is None else view.read(entry_at, layout.stored(entry_at, ENTRY_BYTES)),
        interpreter=interpreter,
        header_size=file.e_ehsize,
        program_headers_offset=view.offset + file.e_phoff if headers.segment_table.entries else None,
        program_header_size=file.e_phentsize,
        number_of_segments=headers.segment_table.entries,
        section_headers_offset=view.offset + file.e_shoff if headers.section_table.entries else None,
        section_header_size=file.e_shentsize,
        number_of_sections=headers.section_table.entries,
        names_section=headers.names_section,
        signature_size=layout.signature,
        size=layout.whole_end,
        present=layout.present,
    )


def _kind(layout: Layout) -> str:
    """What the file is for. DT_FLAGS_1 says whether it is a program; without it an interpreter does."""
    match layout.type:
        case names.EXEC:
            return "executable"
        case names.CORE:
            return "core"
        case names.REL:
            return "kernel-module" if layout.section(".gnu.linkonce.this_module") else "relocatable"
        case names.DYN:
            flags = layout.dynamic.value(tags.DT_FLAGS_1) if layout.dynamic else None
            named = layout.dynamic.value(tags.DT_SONAME) if layout.dynamic else None
            if (
                layout.dynamic is None
                and layout.of_type(names.SHT_SYMTAB)
                and not layout.at(layout.headers.file.e_entry)
            ):
                return "debug"
            if flags is not None and flags & tags.DF_1_PIE:
                return "pie" if layout.needs_interpreter else "static-pie"
            return "pie" if layout.needs_interpreter and named is None else "shared-object"
    return "other"


def _interpreter(view: View, layout: Layout) -> str | None:
    row = layout.segment(names.PT_INTERP)
    if row is None or layout.type == names.CORE:
        return None
    data = view.read(row.offset, min(row.filesz, INTERPRETER_MOST))
    return names.printable(data.split(b"\0", 1)[0]) if data else None


def _segments(hit: Hit, layout: Layout) -> Iterator[Said]:
    rows, table = layout.headers.segments, layout.headers.segment_table
    for first in range(0, len(rows), ROWS):
        told = tuple(
            ELFSegment(
                number,
                names.segment_type(row.type, layout.machine),
                names.rights(row.flags),
                row.flags,
                hit.offset + row.offset,
                row.vaddr,
                row.paddr,
                row.filesz,
                row.memsz,
                row.align,
            )
            for number, row in enumerate(rows[first : first + ROWS], first)
        )
        at, end = table.at + first * table.stride, table.at + (first + len(told)) * table.stride
        yield hit.finding(at, min(end, layout.present) - at, ELFSegments(first, told))


def _sections(hit: Hit, layout: Layout) -> Iterator[Said]:
    table = layout.headers.section_table
    for section, anomalies in zip(layout.sections[:SECTIONS_TOLD], section_anomalies(layout), strict=True):
        row, row_at = section.row, table.at + section.number * table.stride
        if not section.number and not any(row):
            continue  # the specification wants an empty first row
        body = ELFSection(
            index=section.number,
            name=section.name,
            type=names.section_type(row.type, layout.machine),
            flags=names.flags(row.flags, names.SECTION_FLAGS),
            address=row.addr,
            offset=row.offset,
            declared_size=row.size,
            present=section.present,
            link=row.link,
            info=row.info,
            alignment=row.addralign,
            entry_size=row.entsize,
            row_offset=hit.offset + row_at,
            anomalies=anomalies,
        )
        if section.present:
            yield _measured(hit.finding(section.at, section.present, body))
        else:
            yield hit.finding(row_at, layout.stored(row_at, table.stride), body)


def _extent(layout: Layout) -> Extent:
    table, sections = layout.headers.segment_table, layout.headers.section_table
    proof = f"{table.present} segments, {sections.present} sections, the last of all ends at {layout.whole_end:#x}"
    cut = "" if layout.end == layout.whole_end else f", cut at {layout.end:#x}"
    signed = f", a module signature of {layout.signature} bytes follows" if layout.signature else ""
    return Extent(0, layout.end + layout.signature, "elf", proof + cut + signed)


def _covered(layout: Layout) -> Iterator[tuple[int, int]]:
    """What a loader and tools read: headers, segments, and the sections that no segment loads."""
    headers = layout.headers
    yield 0, headers.file.e_ehsize
    for table in (headers.segment_table, headers.section_table):
        yield table.at, table.end
    for row in headers.segments:
        yield row.offset, row.offset + row.filesz
    for section in layout.sections:
        if not headers.segments or not section.row.flags & names.SHF_ALLOC:
            yield section.at, section.end


def _overlay(hit: Hit) -> Iterator[Said]:
    view = hit.view.sub(-hit.offset)
    if not likelihood(view):
        return
    layout = Layout(view, read_headers(view))
    if layout.end >= hit.offset:
        return
    parts = tuple(_parts(view, layout, hit.offset))
    unexplained = sum(part.size for part in parts if part.name == "data")
    at = layout.end - hit.offset
    yield _measured(hit.finding(at, hit.offset - layout.end, ELFOverlay(parts, unexplained)))


def _parts(view: View, layout: Layout, end: int) -> Iterator[ELFPart]:
    data_at = layout.end + layout.signature
    if layout.signature:
        yield ELFPart("module-signature", layout.end, layout.signature)
    elif view.read(end - len(MODULE_SIGNATURE), len(MODULE_SIGNATURE)) == MODULE_SIGNATURE:
        size = int.from_bytes(view.read(end - len(MODULE_SIGNATURE) - 4, 4), "big") + 12 + len(MODULE_SIGNATURE)
        if 40 < size <= end - layout.end:
            if data_at < end - size:
                yield ELFPart("data", data_at, end - size - data_at)
            yield ELFPart("module-signature", end - size, size)
            return
    if data_at < end:
        yield ELFPart("data", data_at, end - data_at)


def _measured(finding: Finding) -> RangeDigest:
    return RangeDigest(finding, ((finding.offset, finding.size),), _MEASURES)
