"""Mach-O files: what the probes say, against LIEF and against lies."""

import struct
from typing import Any

import lief
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rorqual
from rorqual.analyzers.formats import macho
from rorqual.analyzers.formats.macho.bodies import MachOImage, MachOOverlay, MachOSection, MachOSegment
from rorqual.analyzers.formats.macho.cms import definite
from rorqual.analyzers.formats.macho.cpus import ARM64, capabilities
from rorqual.analyzers.formats.macho.libraries import MachOLibraries, path_kind
from rorqual.analyzers.formats.macho.mitigations import MachOMitigations
from rorqual.analyzers.formats.macho.signature_bodies import MachOCodeDirectory, MachOSignature
from rorqual.analyzers.formats.macho.symbol_bodies import MachOSymbols, MachOSymbolTable
from rorqual.analyzers.formats.macho.universal import MachOUniversal
from rorqual.findings.report import Report
from rorqual.sdk import Anomaly, Fuel, View
from tests.builders.macho import (
    BASE,
    DYLIB,
    EXTERNAL,
    I386,
    OBJECT,
    PAGE,
    POWERPC,
    POWERPC64,
    SECTION,
    X86_64,
    Program,
    Symbol,
    build,
    command,
    fat,
    find,
    raw,
    trie,
)
from tests.builders.probing import BytesSource

FORMS = [
    Program(),
    Program(wide=False, cpu=I386),
    Program(wide=False, big=True, cpu=POWERPC, subtype=0),
    Program(big=True, cpu=POWERPC64, subtype=0),
    Program(type=DYLIB, rpaths=(b"@loader_path", b"/opt/lib")),
    Program(cpu=ARM64, subtype=2, signed=False),
]


def report_of(data: bytes) -> Report:
    report = rorqual.scan(data, analyzers=list(macho.probes()))
    assert [fault for fault in report.faults if fault.reason == "fault"] == []
    return report


def bodies(data: bytes, kind: type, depth: int = 0) -> list[Any]:
    found = [f for f in report_of(data) if isinstance(f.body, kind) and len(f.place) == depth]
    return [f.body for f in sorted(found, key=lambda f: (getattr(f.body, "index", 0), getattr(f.body, "first", 0)))]


def anomalies(data: bytes) -> dict[str, str]:
    return {body.name: body.proof for body in bodies(data, Anomaly)}


@pytest.mark.parametrize("program", FORMS, ids=lambda one: f"{one.cpu:x}-{'big' if one.big else 'little'}-{one.type}")
def test_agrees_with_lief(program: Program) -> None:
    data = build(program)
    parsed: Any = lief.MachO.parse(list(data))
    theirs = parsed.at(0)
    (ours,) = bodies(data, MachOImage)
    assert ours.cpu_number == int(theirs.header.cpu_type)
    assert (ours.flags, ours.number_of_commands) == (theirs.header.flags, len(theirs.commands))
    assert ours.uuid is not None
    assert bytes.fromhex(ours.uuid.replace("-", "")) == bytes(theirs.uuid.uuid)
    assert ours.entry_point == (theirs.entrypoint if theirs.has_entrypoint else None)
    segments = [
        (one.name, one.address, one.memory_size, one.offset, one.file_size) for one in bodies(data, MachOSegment)
    ]
    assert segments == [
        (one.name, one.virtual_address, one.virtual_size, one.file_offset, one.file_size) for one in theirs.segments
    ]
    sections = [(one.name, one.address, one.declared_size, one.offset) for one in bodies(data, MachOSection)]
    assert sections == [(one.name, one.virtual_address, one.size, one.offset) for one in theirs.sections]
    libraries = [row.name for body in bodies(data, MachOLibraries) for row in body.rows]
    assert libraries == [one.name for one in theirs.libraries if one.command != lief.MachO.LoadCommand.TYPE.ID_DYLIB]
    assert anomalies(data) == {}


def test_header_says_where_the_program_starts() -> None:
    (image,) = bodies(b"x" * 99 + build(), MachOImage)
    assert (image.entry_point, image.entry_point_offset) == (BASE + PAGE, 99 + PAGE)
    assert (image.entry_point_segment, image.entry_point_section) == ("__TEXT", "__TEXT,__text")
    assert image.builds[0].platform == "macOS"
    assert image.builds[0].tools[0] == ("ld", "1024.1")
    assert image.source_version == "7.1"


def test_pointer_authentication_has_a_version() -> None:
    assert capabilities(ARM64, 0x8100_0002) == ("PTRAUTH_ABI", "PTRAUTH_VERSION_1")
    assert capabilities(X86_64, 0x8000_0003) == ("LIB64",)


def test_overlay_is_all_that_follows() -> None:
    data = build(Program(overlay=b"payload" * 100))
    (overlay,) = [f for f in report_of(data) if isinstance(f.body, MachOOverlay)]
    assert (overlay.offset, overlay.size) == (len(data) - 700, 700)
    assert bodies(b"x" + data, MachOOverlay) == []


def test_slices_are_children_and_told_once() -> None:
    slices = ((X86_64, 3, build()), (ARM64, 0, build(Program(cpu=ARM64, subtype=0))))
    for wide in (False, True):
        data = fat(slices, wide=wide) + b"appended"
        report = report_of(data)
        (universal,) = bodies(data, MachOUniversal)
        assert [one.cpu for one in universal.slices] == ["X86_64", "ARM64"]
        assert [child.place for child in report.children] == [((0x1000, "slice"),), ((0x5000, "slice"),)]
        assert len([f for f in report if isinstance(f.body, MachOImage)]) == 2
        assert bodies(data, MachOImage) == []
        (overlay,) = [f for f in report if isinstance(f.body, MachOOverlay)]
        assert overlay.size == 8


def test_a_file_that_no_slice_leads_to_is_told_in_place() -> None:
    data = fat(((X86_64, 3, build()),)) + b"pad" + build()
    assert len(bodies(data, MachOImage)) == 1
    assert len(bodies(data, MachOImage, depth=1)) == 2  # the slice, and the other one carved


def test_java_classes_are_not_universal() -> None:
    for version in range(1, 70):
        data = b"\xca\xfe\xba\xbe" + struct.pack(">I", version) + bytes(range(256)) * 20
        assert list(report_of(data)) == []


def test_imports_are_of_libraries_and_exports_have_addresses() -> None:
    rows = (
        Symbol(b"_own", SECTION | EXTERNAL, 1, 0, BASE + PAGE),
        Symbol(b"_first", description=0x100),
        Symbol(b"_second", description=0x200),
        Symbol(b"_any", description=0xFE00),
    )
    libraries = (b"/usr/lib/libA.dylib", b"@rpath/libB.dylib")
    exported, imported = sorted(
        bodies(build(Program(libraries=libraries, symbols=rows)), MachOSymbols), key=lambda b: b.role
    )
    assert [(row.name, row.value, row.section) for row in exported.rows] == [("_own", BASE + PAGE, "__TEXT,__text")]
    assert [(row.name, row.library) for row in imported.rows] == [
        ("_first", "/usr/lib/libA.dylib"),
        ("_second", "@rpath/libB.dylib"),
        ("_any", "dynamic-lookup"),
    ]


@given(st.sets(st.binary(min_size=1, max_size=20).filter(lambda name: b"\0" not in name), max_size=60))
@settings(max_examples=25, deadline=None)
def test_exports_of_a_stripped_file_come_from_the_trie(names: set[bytes]) -> None:
    wanted = {name: 16 * number for number, name in enumerate(sorted(names))}
    data = build(Program(type=DYLIB, symbols=(), trie=trie(wanted)))
    rows = [row for body in bodies(data, MachOSymbols) for row in body.rows]
    assert sorted(row.value for row in rows) == sorted(wanted.values())
    (table,) = bodies(data, MachOSymbolTable)
    assert (table.trie_exports, table.exports) == (len(wanted), 0)


def test_many_symbols_are_told_in_parts() -> None:
    rows = tuple(Symbol(b"_name%d" % number, SECTION | EXTERNAL, 1, 0, BASE + number) for number in range(600))
    told = bodies(build(Program(symbols=rows, trie=b"\0\0")), MachOSymbols)
    assert [(body.first, len(body.rows)) for body in told] == [(0, 256), (256, 256), (512, 88)]


def test_names_come_out_safe_to_print() -> None:
    (body,) = bodies(build(Program(symbols=(Symbol(b"_\x1b[2J\xff"),))), MachOSymbols)
    assert body.rows[0].name == "_\\x1b[2J\\xff"


def test_signature_is_told_and_its_digests_compared() -> None:
    data = build(Program(entitlements=b"<plist/>", signature_flags=0x1_0002))
    (whole,) = bodies(data, MachOSignature)
    (directory,) = bodies(data, MachOCodeDirectory)
    assert (whole.kind, directory.identifier, directory.flag_names) == ("adhoc", "com.example", ("ADHOC", "RUNTIME"))
    assert directory.code_limit + whole.size <= len(data)
    assert anomalies(data) == {}
    assert "signature_blob_changed" in anomalies(data.replace(b"<plist/>", b"<plisT/>"))


def test_bytes_that_no_signature_covers_are_told() -> None:
    data = build()
    at = find(data, 0x1D) + 8
    place, size = struct.unpack_from("<2I", data, at)
    directory = place + 12 + 8 * 3
    shorter = data[: directory + 32] + struct.pack(">I", place - 64) + data[directory + 36 :]
    assert "signature_leaves_bytes" in anomalies(shorter)
    slack = data + b"x" * 16
    slack = slack[:at] + struct.pack("<2I", place, size + 16) + slack[at + 8 :]
    assert "data_outside_linkedit" in anomalies(slack)
    (whole,) = bodies(slack, MachOSignature)
    assert whole.slack_used


def test_indefinite_lengths_become_definite() -> None:
    view = View(BytesSource(b""), (), fuel=Fuel(1 << 20))
    inner = b"\x04\x81\x90" + bytes(0x90)
    assert definite(b"\x30\x80\xa0\x80" + inner + b"\0\0\0\0", view) == b"\x30\x81\x96\xa0\x81\x93" + inner


def test_mitigations_are_read_from_flags_symbols_and_signature() -> None:
    (hard,) = bodies(build(Program(signature_flags=0x1_0002)), MachOMitigations)
    assert (hard.pie, hard.stack_canary, hard.hardened_runtime, hard.adhoc) == (True, True, True, True)
    (soft,) = bodies(build(Program(flags=0x2_0000, signed=False, symbols=(), text_protection=7)), MachOMitigations)
    assert (soft.pie, soft.stack_executable, soft.stack_canary, soft.signed) == (False, True, None, False)
    assert soft.writable_executable == ("__TEXT",)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/usr/lib/libSystem.B.dylib", "system"),
        ("/opt/lib/a.dylib", "absolute"),
        ("/tmp/a.dylib", "writable"),
        ("/tmp", "writable"),
        ("@rpath/a.dylib", "rpath"),
        ("@loader_path", "loader"),
        ("a.dylib", "relative"),
    ],
)
def test_paths_are_of_a_kind(path: str, kind: str) -> None:
    assert path_kind(path) == kind


LIES: dict[str, tuple[int, int, str, int]] = {  # what is said: command, place in it, form, value
    "segment_writable_executable": (0x19, 60, "I", 7),
    "entry_point_outside_segments": (0x8000_0028, 8, "Q", 1 << 40),
    "entry_point_not_executable": (0x8000_0028, 8, "Q", 2 * PAGE),
    "data_cut": (0x2, 20, "I", 0xFFFF),
    "load_command_string_out_of_range": (0xC, 8, "I", 4096),
    "load_command_unknown_required": (0x2A, 0, "I", 0x8000_0077),
    "load_commands_cut": (0x2A, 4, "I", 0xFFFF_FFF0),
    "load_command_alignment_wrong": (0x2A, 4, "I", 12),
}


@pytest.mark.parametrize("name", LIES)
def test_lies_are_told(name: str) -> None:
    number, into, form, value = LIES[name]
    data = build(Program(type=2))
    at = find(data, number) + into
    if name == "segment_writable_executable":
        at += 72  # the first segment has no bytes
    assert name in anomalies(data[:at] + struct.pack("<" + form, value) + data[at + struct.calcsize(form) :])


def test_size_of_commands_is_compared() -> None:
    data = build()
    size = int.from_bytes(data[20:24], "little")
    assert "load_commands_size_wrong" in anomalies(data[:20] + struct.pack("<I", size + 64) + data[24:])


def test_an_object_needs_no_segment_names_or_entry() -> None:
    assert anomalies(build(Program(type=OBJECT, signed=False, libraries=()))) == {}


def test_a_repeated_anomaly_is_counted_and_not_repeated() -> None:
    data = raw(tuple(command(0x77, b"") for _ in range(500)) + (command(0x1B, bytes(16)),), type=OBJECT)
    assert not list(report_of(data))  # nothing known comes first
    data = raw((command(0x1B, bytes(16)), *(command(0x77, b"") for _ in range(500))), type=OBJECT)
    found = [body.name for body in bodies(data, Anomaly)]
    assert found.count("load_command_unknown") == 32
    assert "500 of load_command_unknown" in anomalies(data)["anomalies_not_told"]
