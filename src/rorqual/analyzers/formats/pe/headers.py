"""The headers as stored: DOS, COFF and optional header, data directories, section table; nothing is judged.

The optional header is read in full wherever SizeOfOptionalHeader says it ends, as Windows does: that number
only places the section table. Both may lie on top of each other or of the DOS header ("folded" headers).
"""

import struct
from typing import NamedTuple

from rorqual.analyzers.formats.pe import names
from rorqual.sdk import Malformed, View

_DOS = struct.Struct("<2x13H8x2H20xI")
_COFF = struct.Struct("<4sHHIIIHH")  # with the signature before it
_PE32 = struct.Struct("<HBB9I6H4I2H6I")
_PE32_PLUS = struct.Struct("<HBB5IQ2I6H4I2H4Q2I")
_ROM = struct.Struct("<HBB7I24x")  # the registers are of no use here
_DIRECTORY = struct.Struct("<II")
_ROW = struct.Struct("<8s6I2HI")
_RAW = struct.Struct("<16x2I16x")  # SizeOfRawData and PointerToRawData of a row

DOS_SIZE = _DOS.size
ROW_SIZE = _ROW.size
LFANEW_END = 0x1000_0000  # RTL_IMAGE_MAX_DOS_HEADER: Windows looks no further
DIRECTORIES_MAX = 16  # IMAGE_NUMBEROF_DIRECTORY_ENTRIES
SECTIONS_TOLD = 2048  # what honest linkers never reach; further rows are counted and measured, not told
_HEAD = 4096  # holds the headers of all but odd images, so that one read is enough


class Dos(NamedTuple):
    """IMAGE_DOS_HEADER without its reserved words."""

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


class Coff(NamedTuple):
    """IMAGE_FILE_HEADER and the signature before it."""

    signature: bytes
    machine: int
    number_of_sections: int
    timestamp: int
    symbol_table_pointer: int
    number_of_symbols: int
    optional_header_size: int
    characteristics: int


class Optional(NamedTuple):
    """IMAGE_OPTIONAL_HEADER of any kind; 0 where a kind lacks the field."""

    magic: int
    linker_major: int
    linker_minor: int
    size_of_code: int
    size_of_initialized_data: int
    size_of_uninitialized_data: int
    entry_point: int
    base_of_code: int
    base_of_data: int | None
    image_base: int = 0
    section_alignment: int = 0
    file_alignment: int = 0
    os_major: int = 0
    os_minor: int = 0
    image_major: int = 0
    image_minor: int = 0
    subsystem_major: int = 0
    subsystem_minor: int = 0
    win32_version: int = 0
    size_of_image: int = 0
    size_of_headers: int = 0
    checksum: int = 0
    subsystem: int = 0
    dll_characteristics: int = 0
    stack_reserve: int = 0
    stack_commit: int = 0
    heap_reserve: int = 0
    heap_commit: int = 0
    loader_flags: int = 0
    number_of_directories: int = 0


class Directory(NamedTuple):
    """IMAGE_DATA_DIRECTORY."""

    rva: int
    size: int


class Row(NamedTuple):
    """IMAGE_SECTION_HEADER."""

    name: bytes
    virtual_size: int
    virtual_address: int
    raw_size: int
    raw_pointer: int
    relocations_pointer: int
    line_numbers_pointer: int
    number_of_relocations: int
    number_of_line_numbers: int
    characteristics: int

    @property
    def has_raw(self) -> bool:
        """Without a pointer a section is not read from the file, whatever size it declares."""
        return self.raw_pointer != 0 and self.raw_size != 0


class Headers(NamedTuple):
    """All headers; `…_at` count from the image's start."""

    dos: Dos
    coff: Coff
    optional: Optional
    optional_at: int
    optional_present: int  # bytes of its fixed part that are there; the rest is taken as zeros
    directories_at: int
    directories: tuple[Directory, ...]
    table_at: int
    rows: tuple[Row, ...]  # at most SECTIONS_TOLD
    rows_present: int  # how many the file holds of those declared
    last_raw_end: int  # the furthest end of raw data over all rows present, as declared

    @property
    def optional_size(self) -> int:
        """Bytes of the optional header before the directories."""
        return self.directories_at - self.optional_at

    @property
    def table_end(self) -> int:
        """Just past the last row present."""
        return self.table_at + self.rows_present * ROW_SIZE

    @property
    def end(self) -> int:
        """Just past the last byte of the structures themselves that is there."""
        optional_end = self.optional_at + self.optional_present
        directories_end = self.directories_at + len(self.directories) * _DIRECTORY.size
        return max(
            optional_end,
            directories_end if self.directories else 0,
            self.table_end if self.rows_present else 0,
        )


def likelihood(view: View) -> int:
    """0 where no PE starts, up to 31 where one most likely does; two small reads."""
    dos = view.read(0, DOS_SIZE)
    if len(dos) < DOS_SIZE or not dos.startswith(b"MZ"):
        return 0
    pe_at = int.from_bytes(dos[-4:], "little")
    data = view.read(pe_at, _COFF.size + 2) if pe_at < LFANEW_END else b""
    if len(data) < _COFF.size + 2 or not data.startswith(b"PE\0\0"):
        return 0
    coff = Coff._make(_COFF.unpack_from(data))
    magic = int.from_bytes(data[-2:], "little")
    return (
        1
        + 2 * (0 < coff.number_of_sections <= 96)
        + 4 * bool(coff.characteristics & names.EXECUTABLE_IMAGE)
        + 8 * names.is_machine(coff.machine)
        + 16 * (magic in names.FORMATS)
    )


def read_headers(view: View) -> Headers:
    """The headers of the image at the view's start.

    Raises:
        Malformed: there is no PE image.
    """
    head = view.read(0, _HEAD)
    if len(head) < DOS_SIZE or not head.startswith(b"MZ"):
        raise Malformed(view.offset, "a DOS header")
    dos = Dos._make(_DOS.unpack_from(head))
    pe_at = dos.e_lfanew
    if pe_at >= LFANEW_END:
        raise Malformed(view.offset + 0x3C, f"e_lfanew below {LFANEW_END:#x}, found {pe_at:#x}")
    optional_at = pe_at + _COFF.size
    nt_size = _COFF.size + _PE32_PLUS.size + DIRECTORIES_MAX * _DIRECTORY.size
    nt = _piece(view, head, pe_at, nt_size)
    if not nt.startswith(b"PE\0\0") or len(nt) < _COFF.size + 2:
        raise Malformed(view.offset + pe_at, "PE signature, COFF header and optional magic")
    coff = Coff._make(_COFF.unpack_from(nt))
    optional, size, present = _fixed(nt[_COFF.size :], view.offset + optional_at, coff.machine)
    directories_at = optional_at + size
    count = min(optional.number_of_directories, DIRECTORIES_MAX)
    entries = nt[_COFF.size + size :][: count * _DIRECTORY.size]
    whole = len(entries) // _DIRECTORY.size * _DIRECTORY.size
    directories = tuple(map(Directory._make, _DIRECTORY.iter_unpack(entries[:whole])))
    table_at = optional_at + coff.optional_header_size
    table = _piece(view, head, table_at, coff.number_of_sections * ROW_SIZE)
    rows_present = len(table) // ROW_SIZE
    view.step(rows_present)
    table = table[: rows_present * ROW_SIZE]
    rows = tuple(map(Row._make, _ROW.iter_unpack(table[: SECTIONS_TOLD * ROW_SIZE])))
    raw_ends = (pointer + size for size, pointer in _RAW.iter_unpack(table) if size and pointer)
    last_raw_end = max(raw_ends, default=0)
    return Headers(
        dos,
        coff,
        optional,
        optional_at,
        present,
        directories_at,
        directories,
        table_at,
        rows,
        rows_present,
        last_raw_end,
    )


def _fixed(data: bytes, offset: int, machine: int) -> tuple[Optional, int, int]:
    """The optional header, the size of its kind, and how much of that is there."""
    magic = int.from_bytes(data[:2], "little")
    if magic not in names.FORMATS and not names.is_machine(machine):
        raise Malformed(offset, f"a known magic or machine, found {magic:#x} and {machine:#x}")
    form = {names.PE32_PLUS: _PE32_PLUS, names.ROM: _ROM}.get(magic, _PE32)
    present = min(len(data), form.size)
    values = form.unpack(data[: form.size].ljust(form.size, b"\0"))
    if form is _ROM:
        return Optional(*values[:9]), form.size, present
    if form is _PE32_PLUS:
        values = (*values[:8], None, *values[8:])
    return Optional._make(values), form.size, present


def _piece(view: View, head: bytes, at: int, size: int) -> bytes:
    """What there is of `size` bytes at `at`, from the head where it reaches so far."""
    if at + size <= len(head) or len(head) < _HEAD:
        return head[at : at + size]
    return view.read(at, size)
