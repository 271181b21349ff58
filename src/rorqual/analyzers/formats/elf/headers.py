"""The headers as stored: identification, file header, program headers, section headers; nothing is judged.

Program headers are read at the stride the header gives where that holds one, as the tables of section headers are.
Extended numbering is followed: e_phnum PN_XNUM, e_shnum 0 and e_shstrndx SHN_XINDEX stand in the first section header.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.form import (
    IDENT_SIZE,
    SECTION_SIZES,
    SEGMENT_SIZES,
    FileHeader,
    Form,
    file_form,
    form_of,
)
from rorqual.sdk import Malformed, View

PN_XNUM, SHN_XINDEX = 0xFFFF, 0xFFFF
STRIDE_MOST = 1024  # of a table; entries are 32 to 64 bytes, and a longer stride only scatters the reading
SEGMENTS_READ = 65_536  # a core file has one for each mapping, of which Linux allows 65,530
SECTIONS_READ = 131_072  # objects with a section for each function have tens of thousands
_HEAD = 4096  # holds the file header and the program headers of all but odd files
_PIECE = 1 << 18  # bytes of a table read at once


class ProgramHeader(NamedTuple):
    """Elf32_Phdr or Elf64_Phdr, in the order of the latter."""

    type: int
    flags: int
    offset: int
    vaddr: int
    paddr: int
    filesz: int
    memsz: int
    align: int


class SectionHeader(NamedTuple):
    """Elf32_Shdr or Elf64_Shdr."""

    name: int
    type: int
    flags: int
    addr: int
    offset: int
    size: int
    link: int
    info: int
    addralign: int
    entsize: int

    @property
    def stored(self) -> int:
        """Bytes it has in the file, as declared."""
        return 0 if self.type in (names.SHT_NULL, names.SHT_NOBITS) else self.size


class Table(NamedTuple):
    """Where a table of headers is; `entries` after extended numbering, `present` entries wholly in the file."""

    at: int
    stride: int
    entries: int
    present: int

    @property
    def end(self) -> int:
        """Just past the last entry declared."""
        return self.at + self.stride * self.entries if self.entries else 0


class Headers(NamedTuple):
    """All headers; places count from the file header's start."""

    form: Form
    ident: bytes
    file: FileHeader
    segment_table: Table
    segments: tuple[ProgramHeader, ...]  # at most SEGMENTS_READ
    section_table: Table
    sections: tuple[SectionHeader, ...]  # at most SECTIONS_READ
    names_section: int  # after extended numbering


def read_headers(view: View) -> Headers:
    """The headers of the file at the view's start.

    Raises:
        Malformed: there is no ELF file.
    """
    head = view.read(0, _HEAD)
    form = form_of(head[:64])
    if form is None:
        raise Malformed(view.offset, "an ELF header whose sizes are those of its class")
    file = FileHeader._make(file_form(form).unpack_from(head, IDENT_SIZE))
    first = _first_section(view, form, file)
    count = first.size if first and not file.e_shnum else file.e_shnum
    names_section = first.link if first and file.e_shstrndx == SHN_XINDEX else file.e_shstrndx
    segments_count = first.info if first and file.e_phnum == PN_XNUM else file.e_phnum
    segments_count = segments_count if file.e_phoff else 0
    stride = _stride(file.e_phentsize, SEGMENT_SIZES[form.wide])
    segments, present = _read(
        view, head, _segment_form(form), at=file.e_phoff, stride=stride, count=min(segments_count, SEGMENTS_READ)
    )
    segment_table = Table(file.e_phoff, stride, segments_count, present)
    stride = _stride(file.e_shentsize, SECTION_SIZES[form.wide])
    count = count if file.e_shoff else 0  # 0 says that there is no table, whatever the count
    sections, present = _read(
        view, head, _section_form(form), at=file.e_shoff, stride=stride, count=min(count, SECTIONS_READ)
    )
    section_table = Table(file.e_shoff, stride, count, present)
    return Headers(
        form,
        head[:IDENT_SIZE],
        file,
        segment_table,
        tuple(_segments(segments, form)),
        section_table,
        tuple(map(SectionHeader._make, sections)),
        names_section,
    )


def _first_section(view: View, form: Form, file: FileHeader) -> SectionHeader | None:
    """The first section header, where it holds what the file header has no room for."""
    extended = not file.e_shnum or file.e_phnum == PN_XNUM or file.e_shstrndx == SHN_XINDEX
    if not file.e_shoff or not extended:
        return None
    data = view.read(file.e_shoff, SECTION_SIZES[form.wide])
    return SectionHeader._make(_section_form(form).unpack(data)) if len(data) == SECTION_SIZES[form.wide] else None


def _segment_form(form: Form) -> struct.Struct:
    return struct.Struct(f"{form.mark}2I6Q" if form.wide else f"{form.mark}8I")


def _section_form(form: Form) -> struct.Struct:
    return struct.Struct(f"{form.mark}2I4Q2I2Q" if form.wide else f"{form.mark}10I")


def _segments(rows: list[tuple[int, ...]], form: Form) -> Iterator[ProgramHeader]:
    if form.wide:
        yield from map(ProgramHeader._make, rows)
        return
    for kind, offset, vaddr, paddr, filesz, memsz, flags, align in rows:
        yield ProgramHeader(kind, flags, offset, vaddr, paddr, filesz, memsz, align)


def _stride(declared: int, least: int) -> int:
    """The distance from one entry to the next: what is declared, where an entry fits in."""
    return declared if least <= declared <= STRIDE_MOST else least


def _read(
    view: View, head: bytes, form: struct.Struct, *, at: int, stride: int, count: int
) -> tuple[list[tuple[int, ...]], int]:
    """The entries of a table that are wholly there, and how many that are."""
    rows: list[tuple[int, ...]] = []
    batch = max(1, _PIECE // stride)
    while len(rows) < count:
        start, wanted = at + len(rows) * stride, min(batch, count - len(rows))
        size = wanted * stride
        data = head[start : start + size] if start + size <= len(head) else view.read(start, size)
        got = len(data) // stride
        if len(data) - got * stride >= form.size:
            got += 1  # the last needs no room for the next
        view.step(got)
        if stride == form.size:
            rows += form.iter_unpack(data[: got * stride])
        else:
            rows += [form.unpack_from(data, number * stride) for number in range(got)]
        if got < wanted:
            break
    return rows, len(rows)
