"""Compares what the PE probe says of a file with pefile and LIEF, field by field.

A difference that is known and where we are right is not returned; each such rule stands where it applies,
with the reason.
"""

import hashlib
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lief
import pefile

from rorqual.analyzers.formats.pe import PE, PEImage, PEOverlay, PESection
from rorqual.analyzers.formats.pe.names import printable
from rorqual.sdk import Finding, Kind, RangeDigest
from tests.builders.probing import BytesSource, entropy, examine

Peer = Any  # neither library has types
Difference = tuple[str, object, object]  # the field, ours, theirs

_MACHINES = {value: name.removeprefix("IMAGE_FILE_MACHINE_") for name, value in pefile.machine_types}
_SUBSYSTEMS = {value: name.removeprefix("IMAGE_SUBSYSTEM_") for name, value in pefile.subsystem_types}
_BIGGEST_WHOLE = 64 << 20  # beyond it the digests of sections are compared by the engine's own tests

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


class Ours:
    """What the probe says of a whole file."""

    def __init__(self, data: bytes) -> None:
        found: list[Finding] = []
        said = [
            *examine(PE(), BytesSource(data)),
            *examine(PE(), BytesSource(data), len(data), trigger=Kind("end")),
        ]
        for one in said:
            if isinstance(one, RangeDigest):
                assert one.ranges == ((one.finding.offset, one.finding.size),)
            if isinstance(one, Finding | RangeDigest):
                found.append(one if isinstance(one, Finding) else one.finding)
        self.image = next(f.body for f in found if isinstance(f.body, PEImage))
        self.sections = [(f, f.body) for f in found if isinstance(f.body, PESection)]
        self.overlay = next((f for f in found if isinstance(f.body, PEOverlay)), None)
        # UEFI reads sections to the byte (EDK II: PeCoffLoaderLoadImage), pefile rounds down to a sector.
        self.to_the_byte = self.image.subsystem.startswith("EFI") and any(
            section.raw_pointer % 0x200 for _, section in self.sections
        )
        # pefile leaves sections that run past the end out, and calls what is there of them overlay; without
        # any section both peers call the rest of SizeOfHeaders so.
        spans = [section.present for _, section in self.sections]
        cut = any("raw_past_end" in section.anomalies for _, section in self.sections)
        self.compares_overlay = any(spans) and not cut


def differences(path: Path) -> Iterator[Difference]:
    """All that differs without an explanation."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        ours = Ours(mapped)  # type: ignore[arg-type]  # a map slices to bytes, which is all the source does
        whole = len(mapped) <= _BIGGEST_WHOLE
        yield from _against_pefile(ours, pefile.PE(str(path), fast_load=True), whole=whole)
    config = lief.PE.ParserConfig()
    for option in ("parse_exports", "parse_imports", "parse_rsrc", "parse_reloc", "parse_signature"):
        setattr(config, option, False)
    peer = lief.PE.parse(str(path), config)
    if peer is not None:
        yield from _against_lief(ours, peer)


def _against_pefile(ours: Ours, peer: Peer, *, whole: bool) -> Iterator[Difference]:
    image = ours.image
    for field in pefile.PE.__IMAGE_DOS_HEADER_format__[1]:
        name = field.split(",")[1]
        if hasattr(image.dos, name):
            yield from _differ(f"pefile dos.{name}", getattr(image.dos, name), getattr(peer.DOS_HEADER, name))
    for name, theirs in _COFF.items():
        yield from _differ(f"pefile {name}", getattr(image, name), getattr(peer.FILE_HEADER, theirs))
    optional = peer.OPTIONAL_HEADER
    for name, theirs in _OPTIONAL.items():
        yield from _differ(f"pefile {name}", getattr(image, name), getattr(optional, theirs))
    for name, theirs in _VERSIONS.items():
        version = f"{getattr(optional, 'Major' + theirs)}.{getattr(optional, 'Minor' + theirs)}"
        yield from _differ(f"pefile {name}", getattr(image, name), version)
    yield from _differ("pefile base_of_data", image.base_of_data, getattr(optional, "BaseOfData", None))
    yield from _differ("pefile format", image.format, {0x10B: "PE32", 0x20B: "PE32+"}.get(peer.PE_TYPE))
    machine = peer.FILE_HEADER.Machine
    yield from _differ("pefile machine", image.machine, _MACHINES.get(machine, f"{machine:#06x}"))
    yield from _differ("pefile subsystem", image.subsystem, _SUBSYSTEMS.get(optional.Subsystem))
    yield from _differ("pefile is_dll", image.is_dll, peer.FILE_HEADER.IMAGE_FILE_DLL)
    yield from _differ(
        "pefile characteristics",
        {"AGGRESIVE_WS_TRIM" if name == "AGGRESSIVE_WS_TRIM" else name for name in image.characteristics},
        _flags(peer.FILE_HEADER, pefile.image_characteristics, "IMAGE_FILE_"),
    )
    yield from _differ(
        "pefile dll_characteristics",
        set(image.dll_characteristics),
        _flags(optional, pefile.dll_characteristics, "IMAGE_DLLCHARACTERISTICS_"),
    )
    yield from _directories(ours, peer)
    yield from _sections(ours, peer, whole=whole)
    if not ours.compares_overlay:
        return
    start = peer.get_overlay_data_start_offset()
    yield from _differ("pefile overlay", ours.overlay.offset if ours.overlay else None, start)


def _directories(ours: Ours, peer: Peer) -> Iterator[Difference]:
    known = {directory.index: directory for directory in ours.image.directories}
    for index, theirs in enumerate(peer.OPTIONAL_HEADER.DATA_DIRECTORY):
        mine = known.get(index)
        pair = (mine.rva, mine.size) if mine else (0, 0)
        yield from _differ(f"pefile directory {index}", pair, (theirs.VirtualAddress, theirs.Size))
        # pefile gives a place even where the file has no byte for the address.
        if mine and mine.name != "SECURITY" and mine.offset is not None and not ours.to_the_byte:
            place = peer.get_offset_from_rva(mine.rva)
            yield from _differ(f"pefile directory {index} offset", mine.offset, place)


def _sections(ours: Ours, peer: Peer, *, whole: bool) -> Iterator[Difference]:
    theirs = sorted(peer.sections, key=lambda section: section.get_file_offset())
    yield from _differ("pefile sections", len(ours.sections), len(theirs))
    for (finding, mine), other in zip(ours.sections, theirs, strict=False):
        label = f"pefile section {mine.index}"
        for name, field in _SECTION.items():
            yield from _differ(f"{label} {name}", getattr(mine, name), getattr(other, field))
        yield from _differ(f"{label} row", mine.row_offset, other.get_file_offset())
        if not other.Name.startswith(b"/"):  # pefile does not resolve long names
            yield from _differ(f"{label} name", mine.name, printable(other.Name.rstrip(b"\0")))
        flags = _flags(other, pefile.section_characteristics, "IMAGE_SCN_")
        yield from _differ(
            f"{label} characteristics", {name for name in mine.characteristics if "ALIGN" not in name}, flags
        )
        if whole and not ours.to_the_byte:
            data = peer.__data__[finding.offset : finding.offset + mine.present] if mine.present else b""
            yield from _differ(f"{label} sha256", hashlib.sha256(data).hexdigest(), other.get_hash_sha256())
            if data:
                yield from _differ(f"{label} entropy", round(entropy(data), 9), round(other.get_entropy(), 9))


def _against_lief(ours: Ours, peer: Peer) -> Iterator[Difference]:
    image = ours.image
    for name, theirs in _LIEF_DOS.items():
        yield from _differ(f"lief dos.{name}", getattr(image.dos, name), getattr(peer.dos_header, theirs))
    for name, theirs in _LIEF_HEADER.items():
        yield from _differ(f"lief {name}", getattr(image, name), getattr(peer.header, theirs))
    optional = peer.optional_header
    for name, theirs in _LIEF_OPTIONAL.items():
        yield from _differ(f"lief {name}", getattr(image, name), getattr(optional, theirs))
    for name, theirs in _LIEF_VERSIONS.items():
        version = f"{getattr(optional, 'major_' + theirs)}.{getattr(optional, 'minor_' + theirs)}"
        yield from _differ(f"lief {name}", getattr(image, name), version)
    yield from _differ("lief machine", image.machine, peer.header.machine.name)
    yield from _differ("lief subsystem", image.subsystem, optional.subsystem.name)
    yield from _differ(
        "lief characteristics",
        {_loose(name) for name in image.characteristics},
        {_loose(one.name).removeprefix("NEED") for one in peer.header.characteristics_list},
    )
    yield from _differ(
        "lief dll_characteristics",
        {_loose(name) for name in image.dll_characteristics},
        {_loose(one.name) for one in optional.dll_characteristics_lists},
    )
    known = {directory.index: (directory.rva, directory.size) for directory in image.directories}
    for index, directory in enumerate(peer.data_directories):
        yield from _differ(f"lief directory {index}", known.get(index, (0, 0)), (directory.rva, directory.size))
    yield from _differ("lief sections", len(ours.sections), len(peer.sections))
    for (_, mine), other in zip(ours.sections, peer.sections, strict=False):
        label = f"lief section {mine.index}"
        for name, field in _LIEF_SECTION.items():
            yield from _differ(f"{label} {name}", getattr(mine, name), getattr(other, field))
        stored = other.coff_string.string.encode() if other.coff_string else bytes(other.fullname)
        yield from _differ(f"{label} name", mine.name, printable(stored.rstrip(b"\0")))
        flags = {one.name for one in other.characteristics_lists if "ALIGN" not in one.name}
        yield from _differ(f"{label} characteristics", {n for n in mine.characteristics if "ALIGN" not in n}, flags)
    if not ours.compares_overlay:
        return
    overlay = len(peer.overlay)
    yield from _differ(
        "lief overlay",
        (ours.overlay.offset, ours.overlay.size) if ours.overlay else (0, 0),
        (peer.overlay_offset if overlay else 0, overlay),
    )


def _flags(peer: Peer, table: list[tuple[str, int]], prefix: str) -> set[str]:
    """The names of a pefile structure's flags, without its obsolete second names."""
    return {
        name.removeprefix(prefix)
        for name, _ in table
        if name.startswith(prefix) and getattr(peer, name, False) and "ALIGN" not in name
    }


def _loose(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper())


def _differ(field: str, ours: object, theirs: object) -> Iterator[Difference]:
    if ours != theirs:
        yield field, ours, theirs
