"""Headers, sections and overlay of a PE image, against pefile and LIEF."""

import hashlib
from collections.abc import Iterator

import pefile

from rorqual.analyzers.formats.pe.bodies import PEOverlay, PESection
from rorqual.analyzers.formats.pe.names import printable
from tests.parity.case import WHOLE, Case, Peer, Reader, Row, fields, loose, named

_MACHINES = {value: name.removeprefix("IMAGE_FILE_MACHINE_") for name, value in pefile.machine_types}
_SUBSYSTEMS = {value: name.removeprefix("IMAGE_SUBSYSTEM_") for name, value in pefile.subsystem_types}
_DOS = [field.split(",")[1] for field in pefile.PE.__IMAGE_DOS_HEADER_format__[1]]
_COFF = {
    "timestamp": "TimeDateStamp",
    "number_of_sections": "NumberOfSections",
    "symbol_table_pointer": "PointerToSymbolTable",
    "number_of_symbols": "NumberOfSymbols",
    "optional_header_size": "SizeOfOptionalHeader",
}
_OPTIONAL = {
    "entry_point": "AddressOfEntryPoint",
    "size_of_code": "SizeOfCode",
    "size_of_initialized_data": "SizeOfInitializedData",
    "size_of_uninitialized_data": "SizeOfUninitializedData",
    "base_of_code": "BaseOfCode",
    "image_base": "ImageBase",
    "section_alignment": "SectionAlignment",
    "file_alignment": "FileAlignment",
    "win32_version": "Reserved1",
    "size_of_image": "SizeOfImage",
    "size_of_headers": "SizeOfHeaders",
    "checksum": "CheckSum",
    "loader_flags": "LoaderFlags",
    "number_of_directories": "NumberOfRvaAndSizes",
    "stack_reserve": "SizeOfStackReserve",
    "stack_commit": "SizeOfStackCommit",
    "heap_reserve": "SizeOfHeapReserve",
    "heap_commit": "SizeOfHeapCommit",
}
_VERSIONS = {
    "linker_version": "LinkerVersion",
    "os_version": "OperatingSystemVersion",
    "image_version": "ImageVersion",
    "subsystem_version": "SubsystemVersion",
}
_SECTION = {
    "virtual_address": "VirtualAddress",
    "virtual_size": "Misc_VirtualSize",
    "raw_pointer": "PointerToRawData",
    "raw_size": "SizeOfRawData",
    "relocations_pointer": "PointerToRelocations",
    "number_of_relocations": "NumberOfRelocations",
    "line_numbers_pointer": "PointerToLinenumbers",
    "number_of_line_numbers": "NumberOfLinenumbers",
}
_LIEF_HEADER = {
    "timestamp": "time_date_stamps",
    "number_of_sections": "numberof_sections",
    "symbol_table_pointer": "pointerto_symbol_table",
    "number_of_symbols": "numberof_symbols",
    "optional_header_size": "sizeof_optional_header",
}
_LIEF_OPTIONAL = {
    "entry_point": "addressof_entrypoint",
    "size_of_code": "sizeof_code",
    "size_of_initialized_data": "sizeof_initialized_data",
    "size_of_uninitialized_data": "sizeof_uninitialized_data",
    "base_of_code": "baseof_code",
    "image_base": "imagebase",
    "section_alignment": "section_alignment",
    "file_alignment": "file_alignment",
    "win32_version": "win32_version_value",
    "size_of_image": "sizeof_image",
    "size_of_headers": "sizeof_headers",
    "checksum": "checksum",
    "loader_flags": "loader_flags",
    "number_of_directories": "numberof_rva_and_size",
    "stack_reserve": "sizeof_stack_reserve",
    "stack_commit": "sizeof_stack_commit",
    "heap_reserve": "sizeof_heap_reserve",
    "heap_commit": "sizeof_heap_commit",
}
_LIEF_VERSIONS = {
    "linker_version": "linker_version",
    "os_version": "operating_system_version",
    "image_version": "image_version",
    "subsystem_version": "subsystem_version",
}
_LIEF_DOS = {
    "e_cblp": "used_bytes_in_last_page",
    "e_cp": "file_size_in_pages",
    "e_crlc": "numberof_relocation",
    "e_cparhdr": "header_size_in_paragraphs",
    "e_minalloc": "minimum_extra_paragraphs",
    "e_maxalloc": "maximum_extra_paragraphs",
    "e_ss": "initial_relative_ss",
    "e_sp": "initial_sp",
    "e_csum": "checksum",
    "e_ip": "initial_ip",
    "e_cs": "initial_relative_cs",
    "e_lfarlc": "addressof_relocation_table",
    "e_ovno": "overlay_number",
    "e_oemid": "oem_id",
    "e_oeminfo": "oem_info",
    "e_lfanew": "addressof_new_exeheader",
}
_LIEF_SECTION = {
    "virtual_address": "virtual_address",
    "virtual_size": "virtual_size",
    "raw_pointer": "pointerto_raw_data",
    "raw_size": "sizeof_raw_data",
    "relocations_pointer": "pointerto_relocation",
    "number_of_relocations": "numberof_relocations",
    "line_numbers_pointer": "pointerto_line_numbers",
    "number_of_line_numbers": "numberof_line_numbers",
}


def against_pefile(case: Case, peer: Peer) -> Iterator[Row]:
    """All that the headers say."""
    image, optional = case.image, peer.OPTIONAL_HEADER
    dos: dict[str, Reader] = {name: name for name in _DOS if hasattr(image.dos, name)}
    yield from fields("pefile", "header.dos", image.dos, peer.DOS_HEADER, dos)
    yield from fields("pefile", "header", image, peer.FILE_HEADER, _COFF)
    yield from fields("pefile", "header", image, optional, _OPTIONAL)
    for name, theirs in _VERSIONS.items():
        version = f"{getattr(optional, 'Major' + theirs)}.{getattr(optional, 'Minor' + theirs)}"
        yield Row("pefile", f"header.{name}", getattr(image, name), version)
    machine = peer.FILE_HEADER.Machine
    flags = _flags(peer.FILE_HEADER, pefile.image_characteristics, "IMAGE_FILE_")
    dll_flags = _flags(optional, pefile.dll_characteristics, "IMAGE_DLLCHARACTERISTICS_")
    for field, mine, other in (
        ("base_of_data", image.base_of_data, getattr(optional, "BaseOfData", None)),
        ("format", image.format, {0x10B: "PE32", 0x20B: "PE32+"}.get(peer.PE_TYPE)),
        ("machine", image.machine, _MACHINES.get(machine, f"{machine:#06x}")),
        ("subsystem", image.subsystem, _SUBSYSTEMS.get(optional.Subsystem)),
        ("is_dll", image.is_dll, peer.FILE_HEADER.IMAGE_FILE_DLL),
        ("characteristics", {name.replace("AGGRESSIVE", "AGGRESIVE") for name in image.characteristics}, flags),
        ("dll_characteristics", set(image.dll_characteristics), dll_flags),
    ):
        yield Row("pefile", f"header.{field}", mine, other)
    yield from _directories(case, peer)
    yield from _sections(case, peer)
    overlay = next(iter(case.found(PEOverlay)), None)
    yield Row("pefile", "overlay.offset", overlay.offset if overlay else None, peer.get_overlay_data_start_offset())


def _directories(case: Case, peer: Peer) -> Iterator[Row]:
    known = {directory.index: directory for directory in case.image.directories}
    for index, theirs in enumerate(peer.OPTIONAL_HEADER.DATA_DIRECTORY):
        mine = known.get(index)
        pair = (mine.rva, mine.size) if mine else (0, 0)
        yield Row("pefile", f"directory[{index}].place", pair, (theirs.VirtualAddress, theirs.Size))
        if mine and mine.name != "SECURITY":
            yield Row("pefile", f"directory[{index}].offset", mine.offset, peer.get_offset_from_rva(mine.rva))


def _sections(case: Case, peer: Peer) -> Iterator[Row]:
    found = sorted(case.found(PESection), key=lambda finding: finding.body.index)  # type: ignore[attr-defined]  # a section
    sections = case.all(PESection)
    sections.sort(key=lambda section: section.index)
    theirs = sorted(peer.sections, key=lambda section: section.get_file_offset())
    yield Row("pefile", "section.count", len(sections), len(theirs))
    for finding, mine, other in zip(found, sections, theirs, strict=False):
        label = f"section[{mine.index}]"
        yield from fields("pefile", label, mine, other, _SECTION)
        yield Row("pefile", f"{label}.row_offset", mine.row_offset, other.get_file_offset())
        yield Row("pefile", f"{label}.name", mine.name, printable(other.Name.rstrip(b"\0")))
        flags = _flags(other, pefile.section_characteristics, "IMAGE_SCN_")
        mine_flags = {name for name in mine.characteristics if "ALIGN" not in name}
        yield Row("pefile", f"{label}.characteristics", mine_flags, flags)
        if case.size > WHOLE:
            case.skipped["digests of sections by pefile, file above 64 MiB"] += 1
            continue
        data = case.data[finding.offset : finding.offset + mine.present] if mine.present else b""
        yield Row("pefile", f"{label}.sha256", hashlib.sha256(data).hexdigest(), other.get_hash_sha256())
        if mine.sha256 is not None:
            yield Row("pefile", f"{label}.sha256", mine.sha256, other.get_hash_sha256())
        if data and mine.entropy is not None:
            yield Row("pefile", f"{label}.entropy", mine.entropy, round(other.get_entropy(), 4))


def against_lief(case: Case, peer: Peer) -> Iterator[Row]:
    """All that the headers say."""
    image, optional = case.image, peer.optional_header
    yield from fields("lief", "header.dos", image.dos, peer.dos_header, _LIEF_DOS)
    yield from fields("lief", "header", image, peer.header, _LIEF_HEADER)
    yield from fields("lief", "header", image, optional, _LIEF_OPTIONAL)
    for name, theirs in _LIEF_VERSIONS.items():
        version = f"{getattr(optional, 'major_' + theirs)}.{getattr(optional, 'minor_' + theirs)}"
        yield Row("lief", f"header.{name}", getattr(image, name), version)
    flags = {loose(one.name).removeprefix("NEED") for one in peer.header.characteristics_list}
    dll_flags = {loose(one.name) for one in optional.dll_characteristics_lists}
    for field, mine, other in (
        ("machine", image.machine, named(peer.header.machine)),
        ("subsystem", image.subsystem, named(optional.subsystem)),
        ("characteristics", {loose(name) for name in image.characteristics}, flags),
        ("dll_characteristics", {loose(name) for name in image.dll_characteristics}, dll_flags),
    ):
        yield Row("lief", f"header.{field}", mine, other)
    known = {directory.index: (directory.rva, directory.size) for directory in image.directories}
    for index, directory in enumerate(peer.data_directories):
        place = (directory.rva, directory.size)
        yield Row("lief", f"directory[{index}].place", known.get(index, (0, 0)), place)
    sections = sorted(case.all(PESection), key=lambda section: section.index)
    yield Row("lief", "section.count", len(sections), len(peer.sections))
    for section, other in zip(sections, peer.sections, strict=False):
        label = f"section[{section.index}]"
        yield from fields("lief", label, section, other, _LIEF_SECTION)
        stored = other.coff_string.string.encode() if other.coff_string else bytes(other.fullname)
        yield Row("lief", f"{label}.name", section.name, printable(stored.rstrip(b"\0")))
        flags = {one.name for one in other.characteristics_lists if "ALIGN" not in one.name}
        mine_flags = {name for name in section.characteristics if "ALIGN" not in name}
        yield Row("lief", f"{label}.characteristics", mine_flags, flags)
    size = len(peer.overlay)
    overlay = next(iter(case.found(PEOverlay)), None)
    span = (overlay.offset, overlay.size) if overlay else (0, 0)
    yield Row("lief", "overlay.span", span, (peer.overlay_offset if size else 0, size))


def _flags(peer: Peer, table: list[tuple[str, int]], prefix: str) -> set[str]:
    """The names of a pefile structure's flags, without its obsolete second names."""
    return {
        name.removeprefix(prefix)
        for name, _ in table
        if name.startswith(prefix) and getattr(peer, name, False) and "ALIGN" not in name
    }
