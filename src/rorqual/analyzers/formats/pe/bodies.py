"""The records that findings on PE images carry.

Addresses (RVAs) count from the image base; `offset` counts in the source, so that it holds for an image in
something bigger; what is named `raw_…` or `…_pointer` is as stored.
"""

from typing import ClassVar

from rorqual.sdk import frozen


@frozen
class PEDos:
    """The DOS header, under the names of winnt.h."""

    e_cblp: int
    e_cp: int
    e_crlc: int
    e_cparhdr: int
    e_minalloc: int
    e_maxalloc: int
    e_ss: int
    e_sp: int
    e_csum: int
    e_ip: int
    e_cs: int
    e_lfarlc: int
    e_ovno: int
    e_oemid: int
    e_oeminfo: int
    e_lfanew: int


@frozen
class PEDirectory:
    """A data directory in use. SECURITY alone is addressed by file offset; its `rva` is that number."""

    index: int
    name: str
    rva: int
    size: int
    offset: int | None  # None: no byte of the file is mapped there
    section: int | None  # index of the section it starts in


@frozen
class PEImage:
    """The headers of an image; the finding spans the image without its overlay.

    ROM images lack the fields from `image_base` to `heap_commit`: they are 0.
    """

    tag: ClassVar[str] = "pe_image"
    format: str  # PE32, PE32+, ROM, or the unknown magic as hex
    machine: str
    subsystem: str
    is_dll: bool
    timestamp: int
    timestamp_utc: str
    characteristics: tuple[str, ...]
    dll_characteristics: tuple[str, ...]
    entry_point: int
    entry_point_offset: int | None
    entry_point_section: int | None
    number_of_sections: int
    pe_header_offset: int  # in the source
    optional_header_size: int  # as stored
    symbol_table_pointer: int
    number_of_symbols: int
    linker_version: str
    size_of_code: int
    size_of_initialized_data: int
    size_of_uninitialized_data: int
    base_of_code: int
    base_of_data: int | None  # PE32+ has none
    image_base: int
    section_alignment: int
    file_alignment: int
    os_version: str
    image_version: str
    subsystem_version: str
    win32_version: int
    size_of_image: int
    size_of_headers: int
    checksum: int  # as stored
    loader_flags: int
    number_of_directories: int  # as stored
    stack_reserve: int
    stack_commit: int
    heap_reserve: int
    heap_commit: int
    directories: tuple[PEDirectory, ...]
    dos: PEDos


@frozen
class PESection:
    """A section; the finding spans its bytes in the file, or its row in the table where it has none."""

    tag: ClassVar[str] = "pe_section"
    index: int
    name: str  # resolved through the COFF string table; what is not printable ASCII as \xNN
    virtual_address: int
    virtual_size: int
    raw_pointer: int
    raw_size: int
    present: int  # bytes of it in the file
    characteristics: tuple[str, ...]
    readable: bool
    writable: bool
    executable: bool
    relocations_pointer: int
    number_of_relocations: int
    line_numbers_pointer: int
    number_of_line_numbers: int
    row_offset: int  # of its row in the section table
    anomalies: tuple[str, ...]
    entropy: float | None = None
    sha256: str | None = None


@frozen
class PEPart:
    """A stretch of the overlay: "symbols" (COFF symbols, strings), "certificates", "alignment" or "data"."""

    name: str
    offset: int
    size: int


@frozen
class PEOverlay:
    """What follows the last section's bytes, up to the end of the source."""

    tag: ClassVar[str] = "pe_overlay"
    parts: tuple[PEPart, ...]
    unexplained: int  # bytes of it that no header accounts for
    entropy: float | None = None
    sha256: str | None = None
