"""The ELF probes on built files: what they say, and what they make of lies."""

import dataclasses
import hashlib
import struct
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rorqual
from rorqual.analyzers.formats.elf import probes
from rorqual.analyzers.formats.elf.bodies import ELFImage, ELFOverlay, ELFSection, ELFSegments
from rorqual.analyzers.formats.elf.dynamic import ELFDynamic, path_kind
from rorqual.analyzers.formats.elf.machines import machine_name
from rorqual.analyzers.formats.elf.mitigations import ELFMitigations
from rorqual.analyzers.formats.elf.names import section_type, segment_type
from rorqual.analyzers.formats.elf.notes import ELFIdentity
from rorqual.analyzers.formats.elf.packed import ELFPacked
from rorqual.analyzers.formats.elf.probe import ELF
from rorqual.analyzers.formats.elf.symbols import ELFDynamicSymbols, ELFSymbol, ELFSymbols
from rorqual.analyzers.formats.elf.tags import tag_name
from rorqual.sdk import Anomaly, Extent, Finding, Malformed
from tests.builders.elf import (
    AARCH64,
    DYN,
    EXEC,
    GNU_STACK,
    LOAD,
    M386,
    MIPS,
    S390,
    Program,
    R,
    Segment,
    Symbol,
    W,
    X,
    build,
    file_header,
    note,
    segment,
)
from tests.builders.probing import examine, findings, view_of
from tests.builders.upx import packed

T = TypeVar("T")
SHAPES = [
    (wide, big, machine)
    for wide, big, machine in ((True, False, 62), (False, False, M386), (True, True, S390), (False, True, MIPS))
]


def said(data: bytes) -> list[Finding]:
    report = rorqual.scan(data, analyzers=list(probes()))
    assert [fault for fault in report.faults if fault.reason == "fault"] == []
    return list(report)


def bodies(data: bytes, kind: type[T]) -> list[T]:
    return [found.body for found in said(data) if isinstance(found.body, kind)]


def anomalies(data: bytes) -> set[str]:
    return {body.name for body in bodies(data, Anomaly)}


def rows(data: bytes, role: str) -> list[ELFSymbol]:
    return [row for body in bodies(data, ELFSymbols) if body.role == role for row in body.rows]


@pytest.mark.parametrize(("wide", "big", "machine"), SHAPES)
def test_all_classes_and_byte_orders_read_the_same(wide: bool, big: bool, machine: int) -> None:
    data = build(Program(wide=wide, big=big, machine=machine, hash="sysv", runpath=b"$ORIGIN", soname=b"libwhale.so"))
    (image,) = bodies(data, ELFImage)
    assert (image.format, image.byte_order) == ("ELF64" if wide else "ELF32", "big" if big else "little")
    assert (image.type, image.machine, image.size) == ("DYN", machine_name(machine), len(data))
    (dynamic,) = bodies(data, ELFDynamic)
    assert (dynamic.needed, dynamic.soname, dynamic.runpath) == (("libc.so.6",), "libwhale.so", "$ORIGIN")
    assert [row.name for row in rows(data, "import")] == ["printf", "__stack_chk_fail"]
    assert [(row.name, row.value, row.size) for row in rows(data, "export")] == [("exported", 0x1000, 8)]
    assert anomalies(data) <= {"interpreter_unusual"}


@pytest.mark.parametrize("hashed", ["gnu", "sysv", "nothing"])
@pytest.mark.parametrize("headers", [True, False])
def test_dynamic_symbols_are_counted_with_and_without_section_headers(hashed: str, headers: bool) -> None:
    data = build(Program(hash=hashed, headers=headers))
    (table,) = bodies(data, ELFDynamicSymbols)
    means = {"gnu": "DT_GNU_HASH", "sysv": "DT_HASH", "nothing": "section" if headers else "next table"}
    assert (table.count, table.counted_by) == (4, means[hashed])
    assert (table.imports, table.exports, table.local) == (2, 1, 0)


def test_a_section_header_that_hides_symbols_is_found_out() -> None:
    data = bytearray(build(Program(hash="sysv")))
    at = struct.unpack_from("<Q", data, 40)[0] + 4 * 64 + 32  # sh_size of .dynsym
    struct.pack_into("<Q", data, at, 48)
    assert "dynamic_symbols_differ" in anomalies(bytes(data))
    assert [row.name for row in rows(bytes(data), "export")] == ["exported"]


def test_versions_name_the_library() -> None:
    data = build(Program(symbols=(Symbol(b"printf", version=2), Symbol(b"own", 1, shndx=7, version=0x8001))))
    (printf,) = rows(data, "import")
    assert (printf.version, printf.library, printf.hidden) == ("GLIBC_2.2.5", "libc.so.6", False)
    (own,) = rows(data, "export")
    assert (own.version, own.library, own.hidden) == (None, None, True)


def test_programs_and_libraries_are_told_apart() -> None:
    pie = (0x6FFFFFFB, 0x0800_0000)
    kinds = {
        "pie": Program(tags=(pie,)),
        "static-pie": Program(tags=(pie,), interpreter=b""),
        "shared-object": Program(interpreter=b"", soname=b"libwhale.so.1"),
        "executable": Program(type=EXEC),
    }
    for kind, program in kinds.items():
        assert [image.kind for image in bodies(build(program), ELFImage)] == [kind]
    loader = Program(soname=b"libc.so.6")  # has an interpreter and is a library all the same
    assert [image.kind for image in bodies(build(loader), ELFImage)] == ["shared-object"]


def test_an_embedded_file_is_told_with_places_in_the_source() -> None:
    lead = b"\x5a" * 1234
    data = build()
    report = rorqual.scan(lead + data + b"more", analyzers=list(probes()))
    alone = {(f.offset + len(lead), f.size, f.kind) for f in said(data)}
    assert {(f.offset, f.size, f.kind) for f in report if not f.place and f.kind != "child"} == alone
    extents = [one for one in examine(ELF(), lead + data, len(lead)) if isinstance(one, Extent)]
    assert [(one.at, one.size, one.format) for one in extents] == [(0, len(data), "elf")]


def test_overlay_reaches_to_the_end_of_the_source() -> None:
    data = build(Program(headers=False, overlay=b"payload"))
    found = next(one for one in findings(ELF(), data) if isinstance(one.body, ELFOverlay))
    assert isinstance(found.body, ELFOverlay)
    assert (found.offset, found.size, found.body.unexplained) == (len(data) - 7, 7, 7)
    assert found.body.sha256 == hashlib.sha256(b"payload").hexdigest()


def test_sections_carry_digests() -> None:
    data = build()
    text = next(one for one in said(data) if isinstance(one.body, ELFSection) and one.body.name == ".text")
    assert isinstance(text.body, ELFSection)
    assert text.body.sha256 == hashlib.sha256(data[text.offset : text.offset + text.size]).hexdigest()
    assert text.body.flags == ("ALLOC", "EXECINSTR")


@pytest.mark.parametrize("ident", [b"\x01\x01", b"\x02\x02", b"\x01\x02"])
def test_a_header_that_lies_about_its_form_is_read_as_linux_reads_it(ident: bytes) -> None:
    data = build(Program(patches={4: ident}))
    (image,) = bodies(data, ELFImage)
    assert (image.format, image.byte_order, image.machine) == ("ELF64", "little", "X86_64")
    assert "identification_wrong" in anomalies(data)


def test_what_is_mapped_last_counts() -> None:
    """Two segments share addresses; Linux maps the later one over the earlier."""
    rows_ = (
        Segment(LOAD, R | X, 0, 0x40_0000, 0x2000, align=1),
        Segment(LOAD, R | X, 0x2000, 0x40_1000, 0x100, align=1),
    )
    head = file_header({"e_entry": 0x40_1010, "e_phoff": 64, "e_phnum": 2}) + b"".join(map(segment, rows_))
    data = head.ljust(0x2000, b"\x90") + b"\xcc" * 0x100
    (image,) = bodies(data, ELFImage)
    assert (image.entry_point_offset, image.entry_point_bytes) == (0x2010, b"\xcc" * 16)
    assert "segments_overlap" in anomalies(data)


def test_anomalies_of_many_segments_are_counted_not_repeated() -> None:
    rows_ = [Segment(LOAD, R | W | X, 0, 0x1000 * number, 0x40, align=1) for number in range(1, 400)]
    head = file_header({"e_entry": 0x1000, "e_phoff": 64, "e_phnum": len(rows_)})
    data = head + b"".join(map(segment, rows_))
    found = [body for body in bodies(data, Anomaly) if body.name == "segment_writable_executable"]
    assert len(found) == 16
    rest = next(body for body in bodies(data, Anomaly) if body.name == "segment_anomalies_not_told")
    assert "segment_writable_executable of 399 segments" in rest.proof
    assert [len(body.rows) for body in bodies(data, ELFSegments)] == [256, 143]


def test_mitigations() -> None:
    hardened = Program(
        symbols=(Symbol(b"__stack_chk_fail"), Symbol(b"__memcpy_chk"), Symbol(b"strcpy")),
        tags=((0x6FFFFFFB, 0x0800_0001),),
        notes=note(b"GNU", 5, struct.pack("<3I4x", 0xC0000002, 4, 3)),
    )
    (found,) = bodies(build(hardened), ELFMitigations)
    assert (found.pie, found.relro, found.stack, found.stack_canary) == ("yes", "full", "not-executable", True)
    assert (found.fortified, found.fortifiable, found.control_flow) == (("memcpy",), ("strcpy",), ("IBT", "SHSTK"))
    (plain,) = bodies(build(dataclasses.replace(hardened, type=EXEC, relro=False, tags=(), symbols=())), ELFMitigations)
    assert (plain.pie, plain.relro, plain.stack_canary, plain.fortified) == ("no", "none", False, ())


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("$ORIGIN/../lib", "origin"),
        ("lib", "relative"),
        ("", "relative"),
        ("/tmp/x", "writable"),
        ("/tmpfs", "absolute"),
        ("/usr/lib", "absolute"),
    ],
)
def test_kinds_of_run_paths(path: str, kind: str) -> None:
    assert path_kind(path) == kind


def test_upx_is_proven_by_its_fields() -> None:
    (found,) = bodies(packed(), ELFPacked)
    assert (found.release, found.format, found.method, found.file_size) == ("4.23", "linux/amd64", "NRV2E_LE32", 40_000)
    assert anomalies(packed(file_size=0)) >= {"upx_sizes_changed"}
    assert anomalies(packed(magic=b"ABC!", trailer=False)) >= {"upx_magic_changed", "upx_pack_header_missing"}
    assert bodies(build(Program(overlay=b"UPX!" * 30, headers=False)), ELFPacked) == []


def test_names_of_the_specification() -> None:
    assert [machine_name(number) for number in (3, 62, 183, 243, 258, 269, 0x9026, 0x7777)] == [
        "386",
        "X86_64",
        "AARCH64",
        "RISCV",
        "LOONGARCH",
        "AIECTRLCODE",
        "ALPHA",
        "0x7777",
    ]
    assert (tag_name(0x70000001, MIPS), tag_name(0x70000001, AARCH64)) == ("MIPS_RLD_VERSION", "AARCH64_BTI_PLT")
    assert (section_type(0x7000002A, MIPS), segment_type(GNU_STACK, 62)) == ("MIPS_ABIFLAGS", "GNU_STACK")
    assert {section_type(0x70000001, machine) for machine in (45, 93, 195)} == {"ARC_ATTRIBUTES"}


def test_notes_of_both_grains() -> None:
    notes = note(b"GNU", 3, b"\x01" * 20) + note(b"GNU", 1, struct.pack("<4I", 0, 3, 2, 0))
    (identity,) = bodies(build(Program(notes=notes)), ELFIdentity)
    assert (identity.build_id, identity.abi, identity.notes) == ("01" * 20, "Linux 3.2.0", 2)


def test_cut_anywhere_it_ends_in_findings_or_malformed() -> None:
    data = build(Program(notes=note(b"GNU", 3, bytes(20))))
    for end in range(0, len(data), 7):
        try:
            list(findings(ELF(), data[:end]))
        except Malformed:
            assert end < 64
        said(data[:end])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.binary(min_size=1, max_size=8)), max_size=6), st.integers(0, 3))
def test_no_patch_makes_a_fault(patches: list[tuple[int, bytes]], shape: int) -> None:
    wide, big, machine = SHAPES[shape]
    said(build(Program(wide=wide, big=big, machine=machine, hash="sysv", patches=dict(patches))))


def test_scores() -> None:
    assert ELF().score(view_of(build())) == 63
    assert ELF().score(view_of(b"\x7fELF\x02\x01\x01" + bytes(60))) == 0
    assert ELF().score(view_of(build(Program(type=DYN))[:40])) == 0
