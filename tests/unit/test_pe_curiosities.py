"""The odd PE images that parsers are known to fail on, through the whole engine: no fault, and the right answer."""

import struct
from dataclasses import replace
from typing import Any

import pytest

import rorqual
from rorqual.analyzers.formats.pe.headers import SECTIONS_TOLD
from rorqual.findings.report import Report
from tests.builders.pe import BSS, CODE, DATA, Image, Section, build
from tests.builders.pe_parts import AT, functions, holding, relocations, tls
from tests.builders.pe_resources import DEEPER, RCDATA, Resource, data_entry, directory, image
from tests.builders.pe_tables import RVA, Exports, Library, exports, image_with, imports

TEXT = Section(b".text", b"\xc3" * 0x200, CODE)
ROW = struct.Struct("<8s6I2HI")


def scanned(data: bytes) -> Report:
    """The report, which must be complete and without a fault whatever the image."""
    report = rorqual.scan(data)
    assert report.faults == ()
    assert report.complete
    return report


def bodies(report: Report, kind: str) -> list[Any]:
    """What the outermost source has of a kind."""
    return [finding.body for finding in report if finding.kind == kind and not finding.place]


def one(report: Report, kind: str) -> Any:  # a body of that kind
    (body,) = bodies(report, kind)
    return body


def anomalies(report: Report) -> set[str]:
    return {body.name for body in bodies(report, "anomaly")}


def test_one_section() -> None:
    report = scanned(build(Image(sections=(TEXT,))))
    section = one(report, "pe_section")
    assert (section.name, section.present, one(report, "pe_image").entry_point_section) == (".text", 0x200, 0)
    assert not bodies(report, "pe_overlay")


def test_no_section_at_all() -> None:
    report = scanned(build(Image(sections=(), section_alignment=0x20, file_alignment=0x20)) + b"payload")
    assert bodies(report, "pe_section") == []
    assert one(report, "pe_image").number_of_sections == 0
    assert "sections_none" in anomalies(report)


def test_sections_that_are_in_memory_only() -> None:
    sections = (Section(b"UPX0", flags=BSS, virtual_size=0x5000), Section(b".bss", flags=BSS, virtual_size=0x9000))
    report = scanned(build(Image(sections=sections)))
    assert [(one.present, one.virtual_size, one.sha256) for one in bodies(report, "pe_section")] == [
        (0, 0x5000, None),
        (0, 0x9000, None),
    ]
    image_body = one(report, "pe_image")
    assert (image_body.entry_point_section, image_body.entry_point_offset) == (0, None)


def test_the_largest_section_that_a_header_can_claim() -> None:
    section = replace(TEXT, virtual_size=0xFFFF_FFFF, raw_size=0xFFFF_FFFF)
    report = scanned(build(Image(sections=(section,))))
    body = one(report, "pe_section")
    assert (body.virtual_size, body.raw_size, body.present) == (0xFFFF_FFFF, 0xFFFF_FFFF, 0x200)
    assert "raw_past_end" in body.anomalies


def test_a_section_over_the_headers() -> None:
    data = build(Image(sections=(replace(TEXT, raw_pointer=0, raw_size=0x400), Section(b".data", b"x"))))
    first = bodies(scanned(data), "pe_section")[0]
    assert (first.raw_pointer, "raw_size_without_pointer" in first.anomalies) == (0, True)
    over = build(Image(sections=(replace(TEXT, raw_pointer=1), Section(b".data", b"x"))))
    first = bodies(scanned(over), "pe_section")[0]
    assert "raw_over_headers" in first.anomalies


def test_two_sections_on_the_same_bytes() -> None:
    sections = (TEXT, replace(TEXT, name=b"again", raw_pointer=0x200, raw_size=0x200))
    report = scanned(build(Image(sections=sections)))
    first, second = bodies(report, "pe_section")
    assert first.sha256 == second.sha256
    assert "raw_overlap" in second.anomalies


@pytest.mark.parametrize("e_lfanew", [4, 8, 0x10, 0x30])
def test_headers_folded_into_the_dos_header(e_lfanew: int) -> None:
    report = scanned(build(Image(e_lfanew=e_lfanew, section_alignment=4, file_alignment=4)))
    body = one(report, "pe_image")
    assert (body.pe_header_offset, body.format, body.number_of_sections) == (e_lfanew, "PE32", 2)
    assert "headers_folded" in anomalies(report)


def test_headers_far_behind_the_code() -> None:
    head = build(Image(sections=(TEXT,), e_lfanew=0x8000))
    body = one(scanned(head), "pe_image")
    assert (body.pe_header_offset, body.size_of_headers) == (0x8000, 0x8200)


def test_an_image_that_ends_in_its_optional_header() -> None:
    """As the smallest programs do: what is missing counts as zero."""
    report = scanned(build(Image(sections=(), e_lfanew=4, fields={"SizeOfOptionalHeader": 4}))[: 4 + 24 + 92])
    body = one(report, "pe_image")
    assert (body.format, body.entry_point, body.directories) == ("PE32", 0x1000, ())
    assert "optional_header_cut" in anomalies(report)


@pytest.mark.parametrize("count", [0, 3, 17, 0xFFFF_FFFF])
def test_any_number_of_directories(count: int) -> None:
    directories = {2: (0x1000, 8), 14: (0x1000, 8)}
    report = scanned(build(Image(directories=directories, fields={"NumberOfRvaAndSizes": count})))
    body = one(report, "pe_image")
    assert body.number_of_directories == count
    assert [row.index for row in body.directories] == [index for index in directories if index < count]


def test_an_optional_header_that_runs_into_the_section_table() -> None:
    report = scanned(build(Image(fields={"SizeOfOptionalHeader": 0x20})))
    assert "section_table_folded" in anomalies(report)
    assert len(bodies(report, "pe_section")) == 2


def test_sixty_five_thousand_sections() -> None:
    count, at = 0xFFFF, 0x80 + 24 + 224
    data = bytearray(build(Image(sections=(), fields={"NumberOfSections": count})))
    row = ROW.pack(b"x", 0x10, 0x1000, 0x200, 0x200, 0, 0, 0, 0, DATA)
    data[at:] = row * count
    report = rorqual.scan(bytes(data) + b"end")
    assert report.faults == ()
    assert one(report, "pe_image").number_of_sections == count
    sections = bodies(report, "pe_section")
    assert len(sections) == SECTIONS_TOLD
    assert "sections_not_told" in anomalies(report)


def test_forty_thousand_exports() -> None:
    count = 40_000
    names = tuple((f"function{number:05}".encode(), number) for number in range(count))
    report = scanned(image_with(exports(Exports((0x1000,) * count, names))))
    summary = one(report, "pe_exports")
    assert (summary.number_of_names, summary.named, summary.complete) == (count, count, True)
    rows = [row for part in bodies(report, "pe_export_table") for row in part.rows]
    assert sorted(row.name for row in rows) == [f"function{number:05}" for number in range(count)]


def test_export_counts_that_lie() -> None:
    lying = Exports((0x1000,), ((b"only", 0),), number_of_functions=0xFFFF_FFFF, number_of_names=0xFFFF_FFFF)
    report = scanned(image_with(exports(lying)))
    summary = one(report, "pe_exports")
    assert (summary.number_of_functions, summary.number_of_names) == (0xFFFF_FFFF, 0xFFFF_FFFF)
    rows = [row for part in bodies(report, "pe_export_table") for row in part.rows]
    assert "only" in {row.name for row in rows}
    assert any(name.startswith("export") for name in anomalies(report))


def test_imports_by_name_and_number_without_a_lookup_table() -> None:
    tables = imports([Library(b"kernel32.dll", (b"ExitProcess", 7), lookup=False)])
    rows = bodies(scanned(image_with(tables)), "pe_import_table")[0].rows
    assert [(row.library, row.name, row.ordinal) for row in rows] == [
        ("kernel32.dll", "ExitProcess", None),
        ("kernel32.dll", None, 7),
    ]


def test_an_import_directory_without_an_end() -> None:
    rows = struct.pack("<5I", RVA, 0, 0, RVA, RVA) * 500
    report = scanned(build(Image(sections=(TEXT, Section(b".idata", rows)), directories={1: (RVA, len(rows))})))
    summary = one(report, "pe_imports")
    assert summary.libraries <= 500
    assert anomalies(report) & {name for name in anomalies(report) if name.startswith("import")}


@pytest.mark.parametrize(
    ("parts", "anomaly"),
    [
        (directory([(1, DEEPER)]), "resource_loop"),
        (directory([(1, DEEPER | 0x18)]) + directory([(2, DEEPER)]), "resource_loop"),
        (directory([(1, DEEPER | 0x18)]) + directory([(2, DEEPER | 0x30)]) + directory([(3, DEEPER)]), "resource_loop"),
        (directory([(n, DEEPER) for n in range(2000)]), "resource_loop"),
    ],
    ids=["itself", "two", "three", "thousands"],
)
def test_resource_trees_that_lead_back(parts: bytes, anomaly: str) -> None:
    report = scanned(image(parts))
    assert anomaly in anomalies(report)
    assert one(report, "pe_resources").leaves == 0


def test_a_resource_tree_deeper_than_windows_reads() -> None:
    depth = 60
    levels = b"".join(directory([(1, DEEPER | 24 * (level + 1))]) for level in range(depth))
    leaf = directory([(1, 24 * depth + 24)]) + data_entry(RVA, 16)
    report = scanned(image(levels + leaf))
    assert "resource_depth" in anomalies(report)


def test_a_resource_that_covers_its_own_tree() -> None:
    report = scanned(image([Resource(RCDATA, 1, b"", rva=RVA, size=0x200)]))
    assert one(report, "pe_resource").present == 0x200


def test_tls_callbacks_that_never_end() -> None:
    report = scanned(build(holding(tls(*(0x1000,) * 300, end=False), {9: (AT, 40)})))
    body = one(report, "pe_tls")
    assert (body.callback_count, len(body.callbacks)) == (300, 256)


def test_relocation_blocks_that_do_not_move_on() -> None:
    report = scanned(build(holding(struct.pack("<II", 0x1000, 0), {5: (AT, 0x1000)})))
    assert one(report, "pe_relocations").blocks == 0
    broken = scanned(build(holding(relocations((0x1000, (0x3004, 0x3008))) + b"\xff" * 8, {5: (AT, 0x14)})))
    assert one(broken, "pe_relocations").entries == 2


def test_unwind_rows_in_disorder() -> None:
    rows = functions((0x1080, 0x1090), (0x1000, 0x1010))
    report = scanned(build(holding(rows, {3: (AT, len(rows))})))
    assert one(report, "pe_exceptions").sorted is False


def test_a_certificate_table_over_the_image_itself() -> None:
    report = scanned(build(Image(directories={4: (0x200, 0x200)})))
    assert one(report, "pe_image").directories[0].name == "SECURITY"


def test_names_that_no_terminal_should_see() -> None:
    sections = (replace(TEXT, name=b"\x1b[2J\xff\0\0"), Section(b"", b"x"))
    names = [body.name for body in bodies(scanned(build(Image(sections=sections))), "pe_section")]
    assert names == ["\\x1b[2J\\xff", ""]


def test_an_entry_point_in_the_headers_and_at_zero() -> None:
    inside = one(scanned(build(Image(fields={"AddressOfEntryPoint": 0x40}))), "pe_image")
    assert (inside.entry_point_offset, inside.entry_point_section) == (0x40, None)
    zero = scanned(build(Image(fields={"AddressOfEntryPoint": 0})))
    assert "entry_point_zero" in anomalies(zero)


def test_an_image_inside_the_overlay_of_another() -> None:
    inner = build(Image(plus=True))
    report = scanned(build() + inner)
    assert [body.format for body in bodies(report, "pe_image")] == ["PE32", "PE32+"]
