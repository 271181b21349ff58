"""The headers as stored: file header, load commands, segments and their sections; nothing is judged.

Commands follow each other by their sizes, from the header's end on, as many as it says and as far as it says.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.macho import commands, names
from rorqual.analyzers.formats.macho.form import COMMAND_SIZE, HEADER_SIZES, FileHeader, Form, read_header
from rorqual.sdk import Malformed, View

COMMANDS_MOST = 4 << 20  # bytes of load commands read; a kernel collection of 300 members has 200 KB
COMMANDS_READ = 65_536  # a core file has one for each mapping
STRING_MOST = 4096  # bytes of a path that are told; PATH_MAX of macOS is 1024


class Command(NamedTuple):
    """A load command: where it stands, and how long it says it is."""

    number: int
    at: int
    command: int
    size: int


class SectionRow(NamedTuple):
    """section or section_64."""

    section: bytes
    segment: bytes
    address: int
    size: int
    offset: int
    align: int
    relocations_offset: int
    relocations: int
    flags: int
    reserved1: int
    reserved2: int
    reserved3: int  # 0 where the section is one of 32 bits


class SegmentRow(NamedTuple):
    """segment_command or segment_command_64 behind the command's head."""

    name: bytes
    address: int
    memory_size: int
    offset: int
    file_size: int
    max_protection: int
    protection: int
    sections: int
    flags: int


class Segment(NamedTuple):
    """A segment with those of its section rows that the command has room for."""

    number: int
    command: Command
    row: SegmentRow
    sections: tuple[SectionRow, ...]
    sections_at: int


class Headers(NamedTuple):
    """All headers; places count from the file header's start."""

    form: Form
    file: FileHeader
    data: bytes  # header and commands, as far as they were read
    commands: tuple[Command, ...]
    stopped: str | None  # why the commands end before their count does
    stopped_at: int
    segments: tuple[Segment, ...]

    @property
    def end(self) -> int:
        """Just past the load commands, as the header has it."""
        return self.form.header + self.file.commands_size

    def of(self, *wanted: int) -> Iterator[Command]:
        """The commands of these numbers."""
        return (one for one in self.commands if one.command in wanted)

    def first(self, *wanted: int) -> Command | None:
        """The first of them."""
        return next(self.of(*wanted), None)

    def numbers(self, command: Command, form: str, at: int = COMMAND_SIZE) -> tuple[int, ...] | None:
        """The numbers at a place of the command; None where it is too short for them."""
        shape = struct.Struct(self.form.mark + form)
        if at + shape.size > command.size:
            return None
        return shape.unpack_from(self.data, command.at + at)

    def string(self, command: Command, at: int = COMMAND_SIZE) -> bytes | None:
        """The string whose offset within the command stands at `at`; None where it lies outside."""
        found = self.numbers(command, "I", at)
        if found is None or not COMMAND_SIZE <= found[0] < command.size:
            return None
        start = command.at + found[0]
        end = min(command.at + command.size, start + STRING_MOST)
        return self.data[start:end].split(b"\0", 1)[0]


def read_headers(view: View) -> Headers:
    """The headers of the file at the view's start.

    Raises:
        Malformed: there is no Mach-O file.
    """
    head = read_header(view.read(0, HEADER_SIZES[True] + COMMAND_SIZE))
    if head is None:
        raise Malformed(view.offset, "a Mach-O header with a load command behind it")
    form, file = head
    data = view.read(0, form.header + min(file.commands_size, COMMANDS_MOST))
    found, stopped, stopped_at = _commands(data, form, file)
    view.step(len(found))
    segments: list[Segment] = []
    for command in found:
        if command.command in commands.SEGMENTS:
            segment = _segment(data, form, command, len(segments))
            if segment is not None:
                view.step(1 + len(segment.sections))
                segments.append(segment)
    return Headers(form, file, data, tuple(found), stopped, stopped_at, tuple(segments))


def _commands(data: bytes, form: Form, file: FileHeader) -> tuple[list[Command], str | None, int]:
    """The commands that are wholly there, and why there are no more of them."""
    found: list[Command] = []
    head = struct.Struct(f"{form.mark}2I")
    at = form.header
    while len(found) < file.commands:
        if len(found) == COMMANDS_READ:
            return found, f"{file.commands} load commands; the first {COMMANDS_READ} are read", at
        if at + COMMAND_SIZE > len(data):
            return found, f"{len(found)} of {file.commands} load commands are there", at
        number, size = head.unpack_from(data, at)
        if size < COMMAND_SIZE:
            return found, f"load command {len(found)} of {size} bytes", at
        if at + size > len(data):
            name = commands.command_name(number)
            return found, f"load command {len(found)} ({name}) of {size:#x} bytes, room for {len(data) - at:#x}", at
        found.append(Command(len(found), at, number, size))
        at += size
    return found, None, at


def _segment(data: bytes, form: Form, command: Command, number: int) -> Segment | None:
    wide = command.command == commands.SEGMENT_64
    shape = struct.Struct(form.mark + ("16s4Q4I" if wide else "16s4I4I"))
    if command.size < COMMAND_SIZE + shape.size:
        return None
    row = SegmentRow._make(shape.unpack_from(data, command.at + COMMAND_SIZE))
    section = struct.Struct(form.mark + ("16s16s2Q8I" if wide else "16s16s2I7I"))
    at = command.at + COMMAND_SIZE + shape.size
    count = min(row.sections, (command.at + command.size - at) // section.size)
    rows = section.iter_unpack(data[at : at + count * section.size])
    sections = tuple(SectionRow._make(one if wide else (*one, 0)) for one in rows)
    return Segment(number, command, row, sections, at)


def fixed_name(raw: bytes) -> str:
    """One of the names of 16 bytes, which need no NUL."""
    return names.printable(raw.split(b"\0", 1)[0])
