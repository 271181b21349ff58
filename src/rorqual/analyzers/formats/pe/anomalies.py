"""What honest linkers do not write into headers and directories; sections.py has what is wrong with sections.

Names are stable. Each check states what Windows (or UEFI) requires; what merely looks odd is for judges.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.headers import DIRECTORIES_MAX, DOS_SIZE, ROW_SIZE, SECTIONS_TOLD
from rorqual.analyzers.formats.pe.layout import PAGE, SECTOR, Layout
from rorqual.sdk import Anomaly

XP_SECTIONS = 96  # Windows XP loads no more; Vista and later take all 65,535
IMAGE_BASE_GRAIN = 0x1_0000
FILE_ALIGNMENT_MAX = 0x1_0000


class Noted(NamedTuple):
    """An anomaly and the bytes that prove it, `at` from the image's start."""

    at: int
    size: int
    body: Anomaly


def header_anomalies(layout: Layout) -> Iterator[Noted]:
    """What is wrong with headers, directories and section table; nothing is said of a field that is cut."""
    for check in (_dos_and_coff, _optional, _entry_point, _directories, _table, _tables_outside):
        for noted in check(layout):
            if noted.at + noted.size <= layout.headers.end:
                yield noted


def _dos_and_coff(layout: Layout) -> Iterator[Noted]:
    headers = layout.headers
    coff, pe_at, machine = headers.coff, headers.dos.e_lfanew, headers.coff.machine
    if pe_at < DOS_SIZE:
        yield _noted(0x3C, 4, "headers_folded", f"e_lfanew {pe_at:#x} lies inside the DOS header")
    if pe_at % 4:
        yield _noted(0x3C, 4, "lfanew_unaligned", f"e_lfanew {pe_at:#x} is not a multiple of 4")
    if not names.is_machine(machine):
        yield _noted(pe_at + 4, 2, "machine_unknown", f"machine {machine:#06x}")
    if not coff.characteristics & names.EXECUTABLE_IMAGE:
        yield _noted(pe_at + 22, 2, "not_executable_image", f"characteristics {coff.characteristics:#x} lack 0x2")
    magic, machine = headers.optional.magic, names.READY_TO_RUN.get(machine, (machine, ""))[0]
    if magic not in names.FORMATS:
        yield _noted(headers.optional_at, 2, "magic_unknown", f"optional magic {magic:#x}")
    odd = {names.PE32: names.MACHINES_64, names.PE32_PLUS: names.MACHINES_32}.get(magic, frozenset())
    if machine in odd:
        proof = f"{names.FORMATS[magic]} for machine {names.machine_name(machine)}"
        yield _noted(headers.optional_at, 2, "magic_against_machine", proof)


def _optional(layout: Layout) -> Iterator[Noted]:
    headers = layout.headers
    optional, at, size = headers.optional, headers.optional_at, headers.coff.optional_header_size
    if headers.optional_present < headers.optional_size:
        proof = f"{headers.optional_present} of {headers.optional_size} bytes are there; zeros taken for the rest"
        yield _noted(at, headers.optional_present, "optional_header_cut", proof)
    if size < headers.optional_size:
        proof = f"SizeOfOptionalHeader {size} is less than its fields take, {headers.optional_size}"
        yield _noted(at - 4, 2, "section_table_folded", proof)
    elif size % 8:
        yield _noted(at - 4, 2, "optional_header_size_odd", f"SizeOfOptionalHeader {size}")
    if optional.magic == names.ROM:
        return
    alignment, file_alignment = optional.section_alignment, optional.file_alignment
    if alignment < PAGE:
        if alignment != file_alignment or not _power_of_two(alignment):
            proof = f"SectionAlignment {alignment:#x} is below a page, FileAlignment {file_alignment:#x}"
            yield _noted(at + 32, 8, "alignment_invalid", proof)
        elif optional.subsystem not in names.LOW_ALIGNMENT_SUBSYSTEMS:
            yield _noted(at + 32, 8, "alignment_low", f"SectionAlignment and FileAlignment {alignment:#x}")
    elif (
        not SECTOR <= file_alignment <= FILE_ALIGNMENT_MAX
        or file_alignment > alignment
        or not _power_of_two(alignment)
        or not _power_of_two(file_alignment)
    ):
        proof = f"SectionAlignment {alignment:#x}, FileAlignment {file_alignment:#x}"
        yield _noted(at + 32, 8, "alignment_invalid", proof)
    base_at, base_size = (at + 24, 8) if optional.magic == names.PE32_PLUS else (at + 28, 4)
    if optional.image_base % IMAGE_BASE_GRAIN:
        proof = f"ImageBase {optional.image_base:#x} is not a multiple of 64 KiB"
        yield _noted(base_at, base_size, "image_base_unaligned", proof)
    last = max((s.row.virtual_address + (s.row.virtual_size or s.row.raw_size) for s in layout.sections), default=0)
    grain = alignment if _power_of_two(alignment) else PAGE
    if layout.sections and layout.knows_all_sections and -(-optional.size_of_image // grain) != -(-last // grain):
        proof = f"SizeOfImage {optional.size_of_image:#x}, the last section ends at {last:#x}"
        yield _noted(at + 56, 4, "size_of_image_wrong", proof)
    first = min((s.at for s in layout.sections if s.present), default=None)
    if optional.size_of_headers < headers.table_end or (first is not None and optional.size_of_headers > first):
        proof = f"SizeOfHeaders {optional.size_of_headers:#x}, section table ends at {headers.table_end:#x}" + (
            "" if first is None else f", first section's bytes at {first:#x}"
        )
        yield _noted(at + 60, 4, "size_of_headers_wrong", proof)
    if optional.win32_version:
        yield _noted(at + 52, 4, "win32_version_set", f"Win32VersionValue {optional.win32_version:#x}")
    if optional.loader_flags:
        flags_at = headers.directories_at - 8
        yield _noted(flags_at, 4, "loader_flags_set", f"LoaderFlags {optional.loader_flags:#x}")


def _entry_point(layout: Layout) -> Iterator[Noted]:
    headers = layout.headers
    entry, at = headers.optional.entry_point, headers.optional_at + 16
    if not entry:
        if not headers.coff.characteristics & names.DLL:
            yield _noted(at, 4, "entry_point_zero", "AddressOfEntryPoint 0 in a program")
        return
    index = layout.section_of(entry)
    if index is None:
        if layout.knows_all_sections:
            yield _noted(at, 4, "entry_point_outside_sections", f"AddressOfEntryPoint {entry:#x}")
        return
    row = layout.sections[index].row
    if not row.characteristics & names.MEM_EXECUTE:
        proof = f"AddressOfEntryPoint {entry:#x} in section {index}, characteristics {row.characteristics:#x}"
        yield _noted(at, 4, "entry_point_not_executable", proof)
    if layout.at(entry) is None:
        proof = f"AddressOfEntryPoint {entry:#x} in section {index}, past its bytes in the file"
        yield _noted(at, 4, "entry_point_without_bytes", proof)


def _directories(layout: Layout) -> Iterator[Noted]:
    headers = layout.headers
    declared, at = headers.optional.number_of_directories, headers.directories_at
    room = (headers.coff.optional_header_size - headers.optional_size) // 8
    if headers.optional.magic != names.ROM and (declared > DIRECTORIES_MAX or declared > max(room, 0)):
        proof = f"NumberOfRvaAndSizes {declared}, at most {DIRECTORIES_MAX}, room for {max(room, 0)}"
        yield _noted(at - 4, 4, "directory_count_wrong", proof)
    for index, directory in enumerate(headers.directories):
        if index == names.SECURITY or not directory.rva or not directory.size:
            continue
        if layout.at(directory.rva) is None and layout.knows_all_sections:
            where = f"at RVA {directory.rva:#x}, size {directory.size:#x}"
            proof = f"{names.DIRECTORIES[index]} {where}: not in the file"
            yield _noted(at + 8 * index, 8, "directory_without_bytes", proof)


def _table(layout: Layout) -> Iterator[Noted]:
    headers = layout.headers
    declared, at = headers.coff.number_of_sections, headers.table_at
    count_at = headers.dos.e_lfanew + 6
    if not declared:
        yield _noted(count_at, 2, "sections_none", "NumberOfSections 0")
    if declared > XP_SECTIONS:
        yield _noted(count_at, 2, "sections_many", f"NumberOfSections {declared}, Windows XP loads {XP_SECTIONS}")
    if headers.rows_present < declared:
        proof = f"{headers.rows_present} of {declared} rows are in the file"
        yield _noted(count_at, 2, "section_table_cut", proof)
    if headers.rows_present > SECTIONS_TOLD:
        proof = f"{headers.rows_present} rows; the first {SECTIONS_TOLD} are told, all count for the image's end"
        rest = headers.rows_present - SECTIONS_TOLD
        yield _noted(at + SECTIONS_TOLD * ROW_SIZE, rest * ROW_SIZE, "sections_not_told", proof)
    if layout.present < headers.last_raw_end:
        proof = f"sections run to {headers.last_raw_end:#x}, the file ends at {layout.present:#x}"
        yield _noted(at, headers.rows_present * ROW_SIZE, "image_cut", proof)


def _tables_outside(layout: Layout) -> Iterator[Noted]:
    headers = layout.headers
    fields = {
        "symbols": (headers.dos.e_lfanew + 12, 8),
        "certificates": (headers.directories_at + 8 * names.SECURITY, 8),
    }
    for part in layout.parts:
        at, size = fields[part.name]
        where = f"at {part.at:#x}, size {part.size:#x}"
        if part.present < part.size:
            yield _noted(at, size, f"{part.name}_cut", f"{where}: {part.present:#x} bytes of it are there")
        elif not part.sound:
            yield _noted(at, size, f"{part.name}_invalid", f"{where}: not such a table")
        if part.at < layout.end:
            yield _noted(at, size, f"{part.name}_inside_image", f"{where}, the image ends at {layout.end:#x}")


def _power_of_two(value: int) -> bool:
    return value > 0 and value & (value - 1) == 0


def _noted(at: int, size: int, name: str, proof: str) -> Noted:
    return Noted(at, size, Anomaly(name, proof))
