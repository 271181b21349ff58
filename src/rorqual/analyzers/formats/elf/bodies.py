"""The records that findings on an ELF file's headers carry; each part has its own beside its probe.

Addresses are as the file would be loaded without relocation; `…_offset` and `offset` of a row count in the source.
"""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen

ROWS = 256  # rows of a table in one body


@frozen
class ELFImage:
    """The file header and what it leads to; the finding spans the file without what is appended to it."""

    tag: ClassVar[str] = "elf_image"
    format: str  # ELF32 or ELF64
    byte_order: str  # little or big
    type: str  # e_type
    kind: str  # executable, pie, static-pie, shared-object, relocatable, kernel-module, core, debug or other
    machine: str
    machine_number: int
    os_abi: str
    abi_version: int
    appimage: int | None  # the type of AppImage that the identification names
    flags: int  # e_flags
    flag_names: tuple[str, ...]  # of ARM, MIPS, RISC-V, PowerPC64, SPARC and LoongArch
    entry_point: int
    entry_point_offset: int | None  # None: no byte of the file is mapped there
    entry_point_segment: int | None
    entry_point_section: str | None
    entry_point_bytes: bytes  # the first of what is there
    interpreter: str | None
    header_size: int  # e_ehsize
    program_headers_offset: int | None
    program_header_size: int
    number_of_segments: int
    section_headers_offset: int | None
    section_header_size: int
    number_of_sections: int
    names_section: int
    signature_size: int  # of a kernel module's appended signature
    size: int  # as the headers declare it
    present: int  # bytes of it that are there


class ELFSegment(NamedTuple):
    """A program header."""

    number: int
    type: str
    rights: str  # as in "R E"
    flags: int
    offset: int
    virtual_address: int
    physical_address: int
    file_size: int
    memory_size: int
    alignment: int


@frozen
class ELFSegments:
    """Program headers; the finding spans these rows of the table."""

    tag: ClassVar[str] = "elf_segments"
    first: int  # index of the first row
    rows: tuple[ELFSegment, ...]


@frozen
class ELFSection:
    """A section; the finding spans its bytes in the file, or its row in the table where it has none."""

    tag: ClassVar[str] = "elf_section"
    index: int
    name: str  # what is not printable ASCII as \xNN
    type: str
    flags: tuple[str, ...]
    address: int
    offset: int  # as stored, from the file header's start
    declared_size: int
    present: int  # bytes of it in the file
    link: int
    info: int
    alignment: int
    entry_size: int
    row_offset: int  # of its row in the section table
    anomalies: tuple[str, ...]
    entropy: float | None = None
    sha256: str | None = None


class ELFPart(NamedTuple):
    """A stretch of the overlay: "module-signature" or "data"."""

    name: str
    offset: int
    size: int


@frozen
class ELFOverlay:
    """What follows the last byte that a header accounts for, up to the end of the source."""

    tag: ClassVar[str] = "elf_overlay"
    parts: tuple[ELFPart, ...]
    unexplained: int  # bytes of it that are data
    entropy: float | None = None
    sha256: str | None = None
