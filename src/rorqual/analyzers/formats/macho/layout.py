"""What lies where: segments and sections, link-edit data, the file places of addresses, the file's end.

Places are `at`s from the file header's start. Every size is cut to what the file holds (`present`); one binary
search over the furthest place that any header names settles that for all of them.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.macho import commands, names
from rorqual.analyzers.formats.macho.form import Form
from rorqual.analyzers.formats.macho.headers import Command, Headers, SectionRow, Segment, fixed_name
from rorqual.sdk import Malformed, View

SYMBOL_SIZES = {False: 12, True: 16}  # nlist, nlist_64
RELOCATION_SIZE = 8
# Of LC_DYSYMTAB: what it points at, where offset and count of it stand, the size of one.
_DYSYMTAB = (
    ("contents", 32, 8),
    ("modules", 40, 52),
    ("references", 48, 4),
    ("indirect-symbols", 56, 4),
    ("external-relocations", 64, RELOCATION_SIZE),
    ("local-relocations", 72, RELOCATION_SIZE),
)
_DYLD_INFO = ("rebase", "bind", "weak-bind", "lazy-bind", "exports")


class Section(NamedTuple):
    """A section row and what it comes to."""

    number: int  # from 1, as symbols count
    segment: int
    row: SectionRow
    name: str
    segment_name: str
    row_at: int
    row_size: int
    stored: int  # bytes it has in the file, as declared
    present: int  # those that are there

    @property
    def at(self) -> int:
        return self.row.offset

    @property
    def relocations_size(self) -> int:
        """Bytes of its relocations, as declared."""
        return self.row.relocations * RELOCATION_SIZE

    @property
    def label(self) -> str:
        """__TEXT,__text."""
        return f"{self.segment_name},{self.name}"


class Part(NamedTuple):
    """Data that a load command points at."""

    name: str
    command: Command
    at: int
    size: int
    present: int


class Layout:
    """A file as a loader sees it; readers of parts take this and a view on the file's start."""

    __slots__ = ("_bases", "_mapped", "base", "end", "form", "headers", "parts", "present", "sections", "whole_end")

    def __init__(self, view: View, headers: Headers) -> None:
        self.headers = headers
        self.form: Form = headers.form
        placed = [one for one in headers.segments if one.row.offset and one.row.name.startswith(b"__TEXT\0")]
        if view.offset and any(one.row.offset == view.offset for one in placed) and self.type != names.OBJECT:
            raise Malformed(
                view.offset, "a Mach-O file whose offsets count from its own start, not a member of a cache"
            )
        parts = list(_parts(headers))
        sections = list(_sections(headers))
        self.whole_end = max(
            headers.end,
            max((one.row.offset + one.row.file_size for one in headers.segments if one.row.file_size), default=0),
            max((one.at + one.stored for one in sections if one.stored), default=0),
            max((one.row.relocations_offset + one.relocations_size for one in sections), default=0),
            max((one.at + one.size for one in parts), default=0),
        )
        self.present = view.within(0, self.whole_end)
        self.end = self.present
        self.sections = tuple(one._replace(present=self.stored(one.at, one.stored)) for one in sections)
        self.parts = tuple(one._replace(present=self.stored(one.at, one.size)) for one in parts)
        self._mapped = sorted(
            (one for one in headers.segments if one.row.memory_size), key=lambda one: (one.row.address, one.number)
        )
        self._bases = [one.row.address for one in self._mapped]
        header = next((one for one in headers.segments if not one.row.offset and one.row.file_size), None)
        self.base = None if header is None or self.type == names.OBJECT else header.row.address

    @property
    def cpu(self) -> int:
        return self.headers.file.cpu

    @property
    def type(self) -> int:
        return self.headers.file.type

    def stored(self, at: int, size: int) -> int:
        """How many of the bytes at the place are in the file."""
        return max(0, min(size, self.present - at))

    def segment_of(self, address: int) -> Segment | None:
        """The segment that holds the address: of several the one that starts last."""
        index = bisect_right(self._bases, address) - 1
        if index < 0:
            return None
        found = self._mapped[index]
        return found if address - found.row.address < found.row.memory_size else None

    def mapped(self, address: int) -> tuple[int, int]:
        """(at, bytes in the file) of what is mapped from the address on."""
        segment = self.segment_of(address)
        if segment is None:
            return 0, 0
        into = address - segment.row.address
        at = segment.row.offset + into
        return at, self.stored(at, max(0, min(segment.row.file_size, segment.row.memory_size) - into))

    def at(self, address: int) -> int | None:
        """Where in the file the byte at the address lies; None where no byte of the file is mapped there."""
        at, stored = self.mapped(address)
        return at if stored else None

    def section_of(self, address: int) -> Section | None:
        """The first section that holds the address."""
        return next((one for one in self.sections if 0 <= address - one.row.address < one.row.size), None)

    def section(self, segment: str, name: str) -> Section | None:
        """The first section of the name with bytes in the file; no segment stands for any."""
        return next(
            (one for one in self.sections if one.name == name and one.present and segment in ("", one.segment_name)),
            None,
        )

    def segment(self, name: bytes) -> Segment | None:
        """The first segment of the name."""
        return next((one for one in self.headers.segments if one.row.name.rstrip(b"\0") == name), None)

    def part(self, name: str) -> Part | None:
        """The first such data with bytes in the file."""
        return next((one for one in self.parts if one.name == name and one.present), None)


def _sections(headers: Headers) -> Iterator[Section]:
    number = 0
    for segment in headers.segments:
        size = 80 if segment.command.command == commands.SEGMENT_64 else 68
        for index, row in enumerate(segment.sections):
            number += 1
            # Files of debugging information and stubs keep the rows of what was left out, with offset 0.
            empty = row.flags & names.SECTION_TYPE in names.ZERO_FILLED or not row.offset
            yield Section(
                number,
                segment.number,
                row,
                fixed_name(row.section),
                fixed_name(row.segment),
                segment.sections_at + index * size,
                size,
                0 if empty or headers.file.type == names.DYLIB_STUB else row.size,
                0,
            )


def _parts(headers: Headers) -> Iterator[Part]:
    """What load commands place outside sections; sizes as declared."""
    for command in headers.commands:
        for name, at, size in _places(headers, command):
            if size:
                yield Part(name, command, at, size, 0)


def _places(headers: Headers, command: Command) -> Iterator[tuple[str, int, int]]:
    number = command.command
    if number in commands.LINKEDIT_DATA:
        if (found := headers.numbers(command, "2I")) is not None:
            yield commands.command_name(number).lower().replace("_", "-"), found[0], found[1]
    elif number == commands.SYMTAB:
        if (found := headers.numbers(command, "4I")) is not None:
            yield "symbols", found[0], found[1] * SYMBOL_SIZES[headers.form.wide]
            yield "strings", found[2], found[3]
    elif number in (commands.DYLD_INFO, commands.DYLD_INFO_ONLY):
        if (found := headers.numbers(command, "10I")) is not None:
            for index, name in enumerate(_DYLD_INFO):
                yield name, found[2 * index], found[2 * index + 1]
    elif number == commands.DYSYMTAB:
        for name, at, size in _DYSYMTAB:
            if (found := headers.numbers(command, "2I", at)) is not None:
                yield name, found[0], found[1] * (56 if name == "modules" and headers.form.wide else size)
    elif number == commands.TWOLEVEL_HINTS:
        if (found := headers.numbers(command, "2I")) is not None:
            yield "two-level-hints", found[0], found[1] * 4
    elif number == commands.NOTE and (found := headers.numbers(command, "2Q", 24)) is not None:
        yield "note", found[0], found[1]
