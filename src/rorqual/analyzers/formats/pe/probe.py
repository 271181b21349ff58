"""The probe for PE images: it reads the headers once, lays the image out and says what is there.

Woken at "MZ" it tells the image and its sections; woken at the end of a source that is a PE it tells the
overlay, whose extent is known only there. A PE inside something bigger has no overlay of its own.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.anomalies import header_anomalies
from rorqual.analyzers.formats.pe.bodies import PEDirectory, PEDos, PEImage, PEOverlay, PEPart, PESection
from rorqual.analyzers.formats.pe.headers import ROW_SIZE, likelihood, read_headers
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.sections import section_anomalies
from rorqual.analyzers.formats.slack import slack
from rorqual.sdk import Anchor, Codec, Extent, Finding, Hit, Kind, RangeDigest, Region, Said, TailDigest, View

STUB = 1024  # bytes: DOS stubs of compilers with their rich headers have less

_WITH_TABLES = Codec("carved", None)
_END = Kind("end")
_MEASURES = ("entropy", "sha256")


class PE:
    """Headers, sections and overlay of PE images."""

    name = "pe"
    version = 1
    # A whole DOS header whose e_lfanew is below 256 MiB.
    announces = ("pe",)
    wakes_on: tuple[Anchor | Kind, ...] = (Anchor(rb"MZ[\x00-\xff]{61}[\x00-\x0f]"), _END)

    def score(self, view: View, /) -> int:
        """How much the place looks like a PE."""
        return likelihood(view)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Image, anomalies, sections and extent at "MZ"; the overlay at the end."""
        if hit.trigger == _END:
            yield from _overlay(hit)
            return
        view = hit.view
        layout = Layout(view, read_headers(view))
        yield hit.finding(0, layout.end, _image(view.offset, layout))
        for at, size, anomaly in header_anomalies(layout):
            yield hit.finding(at, size, anomaly)
        yield from _sections(hit, layout)
        yield from _extents(hit, layout)
        yield from slack(hit, _covered(layout), layout.claimed_end, "pe")
        yield Region(0, layout.end, "pe", context=layout)
        if hit.offset == 0:
            yield TailDigest(layout.end, _MEASURES)  # the overlay, if there is one


def _image(offset: int, layout: Layout) -> PEImage:
    headers = layout.headers
    coff, optional = headers.coff, headers.optional
    entry_at = layout.at(optional.entry_point) if optional.entry_point else None
    return PEImage(
        format=names.FORMATS.get(optional.magic, f"{optional.magic:#x}"),
        machine=names.machine_name(coff.machine),
        subsystem=names.SUBSYSTEMS.get(optional.subsystem, f"{optional.subsystem:#x}"),
        is_dll=bool(coff.characteristics & names.DLL),
        timestamp=coff.timestamp,
        timestamp_utc=datetime.fromtimestamp(coff.timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        characteristics=names.flags(coff.characteristics, names.CHARACTERISTICS),
        dll_characteristics=names.flags(optional.dll_characteristics, names.DLL_CHARACTERISTICS),
        entry_point=optional.entry_point,
        entry_point_offset=None if entry_at is None else offset + entry_at,
        entry_point_section=layout.section_of(optional.entry_point) if optional.entry_point else None,
        number_of_sections=coff.number_of_sections,
        pe_header_offset=offset + headers.dos.e_lfanew,
        optional_header_size=coff.optional_header_size,
        symbol_table_pointer=coff.symbol_table_pointer,
        number_of_symbols=coff.number_of_symbols,
        linker_version=f"{optional.linker_major}.{optional.linker_minor}",
        size_of_code=optional.size_of_code,
        size_of_initialized_data=optional.size_of_initialized_data,
        size_of_uninitialized_data=optional.size_of_uninitialized_data,
        base_of_code=optional.base_of_code,
        base_of_data=optional.base_of_data,
        image_base=optional.image_base,
        section_alignment=optional.section_alignment,
        file_alignment=optional.file_alignment,
        os_version=f"{optional.os_major}.{optional.os_minor}",
        image_version=f"{optional.image_major}.{optional.image_minor}",
        subsystem_version=f"{optional.subsystem_major}.{optional.subsystem_minor}",
        win32_version=optional.win32_version,
        size_of_image=optional.size_of_image,
        size_of_headers=optional.size_of_headers,
        checksum=optional.checksum,
        loader_flags=optional.loader_flags,
        number_of_directories=optional.number_of_directories,
        stack_reserve=optional.stack_reserve,
        stack_commit=optional.stack_commit,
        heap_reserve=optional.heap_reserve,
        heap_commit=optional.heap_commit,
        directories=tuple(_directories(offset, layout)),
        dos=PEDos(*headers.dos),
    )


def _directories(offset: int, layout: Layout) -> Iterator[PEDirectory]:
    for index, (rva, size) in enumerate(layout.headers.directories):
        if not rva and not size:
            continue
        at, section = layout.at(rva), layout.section_of(rva)
        if index == names.SECURITY:
            at, section = rva if rva < layout.present else None, None
        place = None if at is None else offset + at
        yield PEDirectory(index, names.DIRECTORIES[index], rva, size, place, section)


def _sections(hit: Hit, layout: Layout) -> Iterator[Said]:
    for section, anomalies in zip(layout.sections, section_anomalies(layout), strict=True):
        row, row_at = section.row, layout.headers.table_at + section.number * ROW_SIZE
        body = PESection(
            index=section.number,
            name=section.name,
            virtual_address=row.virtual_address,
            virtual_size=row.virtual_size,
            raw_pointer=row.raw_pointer,
            raw_size=row.raw_size,
            present=section.present,
            characteristics=names.section_flags(row.characteristics),
            readable=bool(row.characteristics & names.MEM_READ),
            writable=bool(row.characteristics & names.MEM_WRITE),
            executable=bool(row.characteristics & names.MEM_EXECUTE),
            relocations_pointer=row.relocations_pointer,
            number_of_relocations=row.number_of_relocations,
            line_numbers_pointer=row.line_numbers_pointer,
            number_of_line_numbers=row.number_of_line_numbers,
            row_offset=hit.offset + row_at,
            anomalies=anomalies,
        )
        if section.present:
            yield _measured(hit.finding(section.at, section.present, body))
        else:
            yield hit.finding(row_at, ROW_SIZE, body)


def _extents(hit: Hit, layout: Layout) -> Iterator[Extent | Region]:
    headers = layout.headers
    proof = (
        f"PE header at {headers.dos.e_lfanew:#x}, {headers.rows_present} sections, "
        f"the last ends at {layout.whole_end:#x}"
    )
    cut = "" if layout.end == layout.whole_end else f", cut at {layout.end:#x}"
    claimed = layout.claimed_end
    yield Extent(0, claimed, "pe", proof + cut)
    for part in layout.parts:
        if part.sound and part.at >= claimed:
            proof = f"the PE's {part.name} table, as its headers place it"
            yield Extent(part.at, part.present, f"pe-{part.name}", proof, accepts_at="anywhere")
            if hit.offset:  # inside something: what lies between the image and its table belongs to the file too
                yield Region(0, part.end, "pe-file", _WITH_TABLES)


def _covered(layout: Layout) -> Iterator[tuple[int, int]]:
    """What a loader and tools read. A DOS stub of the usual size is no room, one of pages is."""
    headers = layout.headers
    yield 0, min(headers.dos.e_lfanew, STUB)
    yield headers.dos.e_lfanew, layout.headers_end if layout.sections else headers.end
    yield from ((section.at, section.end) for section in layout.sections)
    yield from ((part.at, part.end) for part in layout.parts)


def _overlay(hit: Hit) -> Iterator[Said]:
    view = hit.view.sub(-hit.offset)
    if not likelihood(view):
        return
    layout = Layout(view, read_headers(view))
    if layout.end >= hit.offset:
        return
    pieces = tuple(PEPart(*piece) for piece in layout.overlay(hit.offset))
    unexplained = sum(piece.size for piece in pieces if piece.name == "data")
    at = layout.end - hit.offset
    yield _measured(hit.finding(at, hit.offset - layout.end, PEOverlay(pieces, unexplained)))


def _measured(finding: Finding) -> RangeDigest:
    return RangeDigest(finding, ((finding.offset, finding.size),), _MEASURES)
