"""What lies where: segments, sections, the file places of addresses, the dynamic table, the file's end.

Places are `at`s from the file header's start. Every size is cut to what the file holds (`present`); one binary
search over the furthest place that any header names settles that for all of them.
"""

import struct
from bisect import bisect_right
from heapq import heappop, heappush
from typing import NamedTuple

from rorqual.analyzers.formats.elf import names, tags
from rorqual.analyzers.formats.elf.form import Form
from rorqual.analyzers.formats.elf.headers import Headers, ProgramHeader, SectionHeader
from rorqual.sdk import View

NAMES_MOST = 1 << 20  # bytes of section names kept; what lies behind is read name by name
NAME_MOST = 1024  # bytes of one section name
DYNAMIC_READ = 4096  # entries; the longest seen have a few hundred, one for each library needed
MODULE_SIGNATURE = b"~Module signature appended~\n"  # scripts/sign-file.c of Linux
_MODULE_TRAILER = struct.Struct(">5B3xI")  # struct module_signature: algo, hash, id_type, signer, key id, size


class Section(NamedTuple):
    """A section header and what it comes to."""

    number: int
    row: SectionHeader
    name: str
    present: int  # bytes of it in the file

    @property
    def at(self) -> int:
        return self.row.offset

    @property
    def end(self) -> int:
        return self.at + self.present


class Dynamic(NamedTuple):
    """The dynamic table up to its DT_NULL."""

    at: int
    entries: tuple[tuple[int, int], ...]  # tag and value
    ended: bool  # by a DT_NULL
    whole: bool  # False: it goes on behind DYNAMIC_READ entries

    def value(self, tag: int) -> int | None:
        """The last value of the tag, which is the one that counts for a loader."""
        found = None
        for one, value in self.entries:
            if one == tag:
                found = value
        return found


class Layout:
    """A file as a loader sees it; readers of parts take this and a view on the file's start."""

    __slots__ = (
        "_bases",
        "_mapped",
        "dynamic",
        "end",
        "form",
        "headers",
        "present",
        "sections",
        "signature",
        "whole_end",
    )

    def __init__(self, view: View, headers: Headers) -> None:
        self.headers = headers
        self.form: Form = headers.form
        file = headers.file
        self.whole_end = max(
            file.e_ehsize if file.e_ehsize <= 4096 else 0,
            64 if self.form.wide else 52,
            headers.segment_table.end,
            headers.section_table.end,
            max((row.offset + row.filesz for row in headers.segments if row.filesz), default=0),
            max((row.offset + row.stored for row in headers.sections if row.stored), default=0),
        )
        self.present = view.within(0, self.whole_end)
        self.end = self.present
        self._mapped = _map(headers.segments)
        self._bases = [base for base, _, _ in self._mapped]
        self.sections = tuple(self._sections(view))
        self.dynamic = self._dynamic(view)
        self.signature = _signature(view, self.end) if self.present == self.whole_end else 0

    @property
    def machine(self) -> int:
        return self.headers.file.e_machine

    @property
    def type(self) -> int:
        return self.headers.file.e_type

    def stored(self, at: int, size: int) -> int:
        """How many of the bytes at the place are in the file."""
        return max(0, min(size, self.present - at))

    def mapped(self, address: int) -> tuple[int, int, int]:
        """What is mapped from the address on: (at, bytes in the file, bytes in memory: zeros behind the others)."""
        index = bisect_right(self._bases, address) - 1
        if index < 0:
            return 0, 0, 0
        _, end, row = self._mapped[index]
        if address >= end:
            return 0, 0, 0
        into = address - row.vaddr
        at = row.offset + into
        stored = max(0, min(row.filesz - into, end - address))
        return at, self.stored(at, stored), end - address

    def at(self, address: int) -> int | None:
        """Where in the file the byte at the address lies; None where no byte of the file is mapped there."""
        at, stored, _ = self.mapped(address)
        return at if stored else None

    def segment_of(self, address: int) -> int | None:
        """The index of the loaded segment that holds the address."""
        index = bisect_right(self._bases, address) - 1
        if index < 0 or address >= self._mapped[index][1]:
            return None
        wanted = self._mapped[index][2]
        return next(number for number, row in enumerate(self.headers.segments) if row is wanted)

    def section_of(self, address: int) -> Section | None:
        """The first section in memory that holds the address."""
        for section in self.sections:
            row = section.row
            if row.flags & names.SHF_ALLOC and row.addr <= address < row.addr + row.size:
                return section
        return None

    def section(self, name: str) -> Section | None:
        """The first section of the name."""
        return next((section for section in self.sections if section.name == name), None)

    def of_type(self, kind: int) -> Section | None:
        """The first section of the type."""
        return next((section for section in self.sections if section.row.type == kind), None)

    def segment(self, kind: int) -> ProgramHeader | None:
        """The first segment of the type."""
        return next((row for row in self.headers.segments if row.type == kind), None)

    @property
    def needs_interpreter(self) -> bool:
        return self.segment(names.PT_INTERP) is not None

    def _sections(self, view: View) -> list[Section]:
        rows, number = self.headers.sections, self.headers.names_section
        blob, table = b"", None
        if 0 < number < len(rows) and rows[number].stored:
            table = rows[number]
            blob = view.read(table.offset, min(self.stored(table.offset, table.stored), NAMES_MOST))
        sections = []
        for index, row in enumerate(rows):
            name = ""
            if table is not None and row.name:
                end = blob.find(b"\0", row.name, row.name + NAME_MOST)
                if end >= 0:
                    name = names.printable(blob[row.name : end])
                elif row.name < table.size:
                    data = view.read(table.offset + row.name, min(NAME_MOST, table.size - row.name))
                    name = names.printable(data.split(b"\0", 1)[0])
            sections.append(Section(index, row, name, self.stored(row.offset, row.stored)))
        return sections

    def dynamic_place(self) -> tuple[int, int] | None:
        """(at, size) of the dynamic table: where its address is mapped, as for the loader, else by its offset."""
        row = self.segment(names.PT_DYNAMIC)
        section = self.of_type(names.SHT_DYNAMIC)
        if row is None:
            return None if section is None else (section.at, section.present)
        emptied = next((s for s in self.sections if s.row.addr == row.vaddr and s.row.flags & names.SHF_ALLOC), None)
        if emptied is not None and emptied.row.type == names.SHT_NOBITS:
            return None  # a file of debugging information keeps the program headers of what it was split from
        at, stored, _ = self.mapped(row.vaddr)
        if stored:
            # The loader reads up to DT_NULL, whatever size the header gives; a size of 0 is a trick.
            return at, min(stored, max(row.filesz, row.memsz) or stored)
        return row.offset, self.stored(row.offset, row.filesz)

    def _dynamic(self, view: View) -> Dynamic | None:
        place = self.dynamic_place()
        if place is None or self.type == names.CORE:
            return None
        at, size = place
        form = struct.Struct(f"{self.form.mark}2{self.form.words}")
        count = min(size // form.size, DYNAMIC_READ)
        data = view.read(at, count * form.size)
        data = data[: len(data) // form.size * form.size]
        entries: list[tuple[int, int]] = []
        for tag, value in form.iter_unpack(data):
            if tag == tags.DT_NULL:
                break
            entries.append((tag, value))
        view.step(len(entries))
        ended = len(entries) * form.size < len(data)
        if not entries and not ended:
            return None
        return Dynamic(at, tuple(entries), ended, ended or size // form.size <= DYNAMIC_READ)


def _map(segments: tuple[ProgramHeader, ...]) -> list[tuple[int, int, ProgramHeader]]:
    """(start, end, segment) by address without overlaps: what is loaded later lies on top, as Linux maps it."""
    loads = [row for row in segments if row.type == names.PT_LOAD and row.memsz]
    starts = sorted(range(len(loads)), key=lambda number: loads[number].vaddr)
    edges = sorted({edge for row in loads for edge in (row.vaddr, row.vaddr + row.memsz)})
    mapped: list[tuple[int, int, ProgramHeader]] = []
    active: list[int] = []
    following = 0
    for start, end in zip(edges, edges[1:], strict=False):
        while following < len(starts) and loads[starts[following]].vaddr <= start:
            heappush(active, -starts[following])
            following += 1
        while active and loads[-active[0]].vaddr + loads[-active[0]].memsz <= start:
            heappop(active)
        if not active:
            continue
        row = loads[-active[0]]
        if mapped and mapped[-1][2] is row and mapped[-1][1] == start:
            mapped[-1] = (mapped[-1][0], end, row)
        else:
            mapped.append((start, end, row))
    return mapped


def _signature(view: View, end: int) -> int:
    """Bytes of the signature that Linux appends to kernel modules, where one starts at `end`: PKCS #7, its trailer."""
    head = view.read(end, 6)
    if len(head) < 6 or head[0] != 0x30 or head[1] not in (0x81, 0x82, 0x83):
        return 0
    octets = head[1] & 0x7F
    size = 2 + octets + int.from_bytes(head[2 : 2 + octets], "big")
    trailer = view.read(end + size, _MODULE_TRAILER.size + len(MODULE_SIGNATURE))
    if trailer[_MODULE_TRAILER.size :] != MODULE_SIGNATURE:
        return 0
    *_, declared = _MODULE_TRAILER.unpack_from(trailer)
    return size + len(trailer) if declared == size else 0
