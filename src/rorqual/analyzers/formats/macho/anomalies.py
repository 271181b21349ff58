"""What honest linkers do not write into file header, load commands and segments; sections.py has single sections.

Names are stable. The kernel and dyld refuse most of this: a file that has it was damaged, or made for other readers.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.macho import commands, cpus, names
from rorqual.analyzers.formats.macho.entry import Entry
from rorqual.analyzers.formats.macho.form import COMMAND_SIZE
from rorqual.analyzers.formats.macho.headers import Segment, fixed_name
from rorqual.analyzers.formats.macho.layout import Layout
from rorqual.analyzers.formats.macho.sections import SECTIONS_TOLD, overlaps
from rorqual.sdk import Anomaly

NOTED_MOST = 32  # anomalies of one name; one is enough to distrust the rest, and the count of all is told


class Noted(NamedTuple):
    """An anomaly and the bytes that prove it, `at` from the file header's start."""

    at: int
    size: int
    body: Anomaly


def header_anomalies(layout: Layout, entry: Entry | None) -> Iterator[Noted]:
    """What is wrong; of many of one name the first NOTED_MOST, and how many there are."""
    counts = Counter[str]()
    for noted in _all(layout, entry):
        counts[noted.body.name] += 1
        if counts[noted.body.name] <= NOTED_MOST:
            yield noted
    for name, count in counts.items():
        if count > NOTED_MOST:
            proof = f"{count} of {name}; the first {NOTED_MOST} are told"
            yield _noted(0, layout.form.header, "anomalies_not_told", proof)


def _all(layout: Layout, entry: Entry | None) -> Iterator[Noted]:
    yield from _header(layout)
    yield from _commands(layout)
    yield from _strings(layout)
    yield from _segments(layout)
    yield from _parts(layout)
    yield from _entry(layout, entry)


def _header(layout: Layout) -> Iterator[Noted]:
    file, form, headers = layout.headers.file, layout.form, layout.headers
    if not cpus.is_cpu(file.cpu):
        yield _noted(4, 4, "cpu_unknown", f"cputype {file.cpu:#x}")
    if bool(file.cpu & cpus.ABI64) != form.wide:
        yield _noted(0, 8, "class_against_cpu", f"a header of {64 if form.wide else 32} bits for cputype {file.cpu:#x}")
    if file.reserved:
        yield _noted(28, 4, "reserved_not_zero", f"reserved {file.reserved:#x}")
    if headers.stopped is not None:
        yield _noted(16, 8, "load_commands_cut", headers.stopped)
    elif headers.stopped_at != headers.end:
        used = headers.stopped_at - form.header
        yield _noted(20, 4, "load_commands_size_wrong", f"sizeofcmds {file.commands_size:#x}, they have {used:#x}")
    first = min((one.at for one in layout.sections if one.present), default=headers.end)
    if first < headers.end:
        yield _noted(16, 8, "load_commands_overlap_section", f"end at {headers.end:#x}, a section at {first:#x}")
    if len(layout.sections) > SECTIONS_TOLD:
        proof = f"{len(layout.sections)} sections; the first {SECTIONS_TOLD} are told"
        yield _noted(16, 8, "sections_not_told", proof)
    if not headers.segments and layout.type not in (names.OBJECT, names.DYLIB_STUB):
        yield _noted(16, 8, "segments_none", f"{len(headers.commands)} load commands and no segment")


def _commands(layout: Layout) -> Iterator[Noted]:
    counts = Counter[int]()
    word = layout.form.word
    for one in layout.headers.commands:
        counts[one.command] += 1
        name = commands.command_name(one.command)
        if one.command not in commands.NAMES:
            kind = "load_command_unknown_required" if one.command & commands.REQ_DYLD else "load_command_unknown"
            yield _noted(one.at, COMMAND_SIZE, kind, f"load command {one.number}: {one.command:#x}")
        if one.size % 4 or (one.size % word and layout.type != names.OBJECT):
            proof = f"load command {one.number} ({name}): {one.size} bytes, not a multiple of {word}"
            yield _noted(one.at, COMMAND_SIZE, "load_command_alignment_wrong", proof)
        if one.command in commands.ONCE and counts[one.command] > 1:
            proof = f"load command {one.number}: {name} for the {counts[one.command]}. time"
            yield _noted(one.at, one.size, "load_command_repeated", proof)
        if one.command in commands.SEGMENTS:
            wide = one.command == commands.SEGMENT_64
            if wide != layout.form.wide:
                yield _noted(one.at, COMMAND_SIZE, "segment_against_class", f"load command {one.number}: {name}")
            if one.size < (72 if wide else 56):
                yield _noted(one.at, one.size, "load_command_too_short", f"{name} of {one.size} bytes")


def _strings(layout: Layout) -> Iterator[Noted]:
    headers = layout.headers
    for one in headers.commands:
        place = commands.STRINGS.get(one.command)
        if place is None or headers.string(one, place) is not None:
            continue
        found = headers.numbers(one, "I", place)
        where = "too short for one" if found is None else f"a string at {found[0]:#x} of {one.size:#x} bytes"
        proof = f"load command {one.number} ({commands.command_name(one.command)}): {where}"
        yield _noted(one.at, one.size, "load_command_string_out_of_range", proof)


def _segments(layout: Layout) -> Iterator[Noted]:
    segments, core = layout.headers.segments, layout.type == names.CORE
    for one in segments:
        row, label = one.row, f"segment {one.number} {fixed_name(one.row.name)}"
        there = layout.stored(row.offset, row.file_size)
        if there < row.file_size:
            proof = f"{label}: {there:#x} of {row.file_size:#x} bytes at {row.offset:#x} are there"
            yield _segment(one, "segment_cut", proof)
        if row.file_size > row.memory_size:
            proof = f"{label}: {row.file_size:#x} bytes in the file, {row.memory_size:#x} in memory"
            yield _segment(one, "segment_file_size_over_memory_size", proof)
        both = names.WRITE | names.EXECUTABLE
        if row.protection & both == both and layout.type not in (names.OBJECT, names.CORE):
            proof = f"{label} at {row.address:#x}: {names.rights(row.protection)}"
            yield _segment(one, "segment_writable_executable", proof)
        if row.protection & ~row.max_protection & 7 and not core:
            proof = f"{label}: {names.rights(row.protection)} of at most {names.rights(row.max_protection)}"
            yield _segment(one, "segment_protection_over_maximum", proof)
        if len(one.sections) < row.sections:
            proof = f"{label}: {row.sections} sections, room for {len(one.sections)}"
            yield _segment(one, "segment_sections_cut", proof)
    if core or layout.type == names.DSYM:
        return
    in_memory = [(one.row.address, one.row.address + one.row.memory_size, one.number) for one in segments]
    in_file = [(one.row.offset, one.row.offset + one.row.file_size, one.number) for one in segments]
    for spans, name, place in (
        (in_memory, "segments_overlap", "addresses"),
        (in_file, "segments_share_bytes", "bytes"),
    ):
        shared = sorted(overlaps(spans))
        for number in shared:
            one = segments[number]
            proof = f"segment {number} {fixed_name(one.row.name)} is one of {len(shared)} that share {place}"
            yield _segment(one, name, proof)


def _parts(layout: Layout) -> Iterator[Noted]:
    linkedit = layout.segment(b"__LINKEDIT")
    for one in layout.parts:
        label = f"{one.name}: {one.size:#x} bytes at {one.at:#x}"
        if one.present < one.size:
            proof = f"{label}, of which {one.present:#x} are there"
            yield _noted(one.command.at, one.command.size, "data_cut", proof)
        elif linkedit is not None and layout.type != names.OBJECT and one.name != "note":
            row = linkedit.row
            if not row.offset <= one.at <= row.offset + row.file_size - one.size:
                proof = f"{label}, __LINKEDIT has {row.file_size:#x} at {row.offset:#x}"
                yield _noted(one.command.at, one.command.size, "data_outside_linkedit", proof)
    spans = [(one.at, one.at + one.size, number) for number, one in enumerate(layout.parts)]
    for number in sorted(overlaps(spans)):
        one = layout.parts[number]
        proof = f"{one.name}: {one.size:#x} bytes at {one.at:#x} share bytes with other data"
        yield _noted(one.command.at, one.command.size, "data_overlaps", proof)


def _entry(layout: Layout, entry: Entry | None) -> Iterator[Noted]:
    if entry is None:
        if layout.type == names.EXECUTE:
            yield _noted(16, 8, "entry_point_none", "neither LC_MAIN nor LC_UNIXTHREAD")
        return
    at, size = entry.command.at, entry.command.size
    thread = layout.headers.first(commands.UNIXTHREAD)
    if thread is not None and thread is not entry.command:
        yield _noted(thread.at, thread.size, "entry_points_many", "LC_MAIN and LC_UNIXTHREAD")
    if entry.address is None or layout.type not in (names.EXECUTE, names.DYLINKER, names.PRELOAD):
        return
    segment = layout.segment_of(entry.address)
    if segment is None:
        yield _noted(at, size, "entry_point_outside_segments", f"entry point {entry.address:#x}")
        return
    label = f"entry point {entry.address:#x} in segment {segment.number} {fixed_name(segment.row.name)}"
    if not segment.row.protection & names.EXECUTABLE:
        yield _noted(at, size, "entry_point_not_executable", f"{label}, {names.rights(segment.row.protection)}")
    elif layout.at(entry.address) is None:
        yield _noted(at, size, "entry_point_without_bytes", label)


def _segment(one: Segment, name: str, proof: str) -> Noted:
    return _noted(one.command.at, one.command.size, name, proof)


def _noted(at: int, size: int, name: str, proof: str) -> Noted:
    return Noted(at, size, Anomaly(name, proof))
