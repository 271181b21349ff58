"""Rich header, imports and exports of built images: what the probes say, against pefile and against lies."""

import hashlib
import struct
from typing import Any

import pefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rorqual
from rorqual.analyzers.formats.pe.linking.exports import PEExport, PEExportDirectory, PEExports, PEExportTable
from rorqual.analyzers.formats.pe.linking.import_bodies import (
    PEBoundImports,
    PEImport,
    PEImportLibraries,
    PEImports,
    PEImportTable,
)
from rorqual.analyzers.formats.pe.linking.imports import LIBRARIES_MAX, PEImportDirectory
from rorqual.analyzers.formats.pe.linking.thunks import well_known
from rorqual.analyzers.formats.pe.origin.rich import ENTRIES_TOLD, REACH, PERich, PERichHeader
from rorqual.analyzers.formats.pe.probe import PE
from rorqual.analyzers.formats.pe.window import LEAST, RESERVE, Window
from rorqual.engine.limits import Limits
from rorqual.findings.report import Report
from rorqual.sdk import Anomaly, Finding, Fuel, Hit, Kind, Malformed, OutOfFuel, Probe, View
from tests.builders.pe import CODE, Image, Section, build
from tests.builders.pe_tables import (
    RVA,
    Exports,
    Library,
    Tables,
    bound,
    delayed,
    exports,
    image_with,
    imports,
    with_rich,
)
from tests.builders.probing import BytesSource

USUAL = [
    Library(b"KERNEL32.dll", (b"ExitProcess", b"GetProcAddress", b"LoadLibraryA")),
    Library(b"ws2_32.DLL", (115, 23, b"WSASocketW", 12345)),
    Library(b"OLEAUT32.dll", (2, 6, 9)),
    Library(b"comctl32.ocx", (17,)),
    Library(b"no suffix", (b"odd name", b"fine")),
]


def report_of(data: bytes, probe: Probe, limits: Limits | None = None) -> Report:
    report = rorqual.scan(data, analyzers=[PE(), probe], limits=limits)
    assert [fault for fault in report.faults if fault.reason == "fault"] == []
    return report


def bodies(data: bytes, probe: Probe, kind: type) -> list[Any]:
    return [f.body for f in report_of(data, probe) if f.analyzer == probe.name and isinstance(f.body, kind)]


def anomalies(data: bytes, probe: Probe) -> set[str]:
    return {body.name for body in bodies(data, probe, Anomaly)}


def rows(data: bytes, probe: Probe, kind: type) -> list[Any]:
    tables = sorted(bodies(data, probe, kind), key=lambda table: table.first)
    assert [table.first for table in tables] == [sum(len(t.rows) for t in tables[:n]) for n in range(len(tables))]
    assert all(0 < len(table.rows) <= 256 for table in tables)
    return [row for table in tables for row in table.rows]


def test_a_rich_header_is_decoded_as_pefile_does() -> None:
    entries = [(257, 26715, 3), (260, 29112, 11), (0x7777, 5, 0xFFFF_FFFF)]
    data = with_rich(entries)
    (rich,) = bodies(data, PERichHeader(), PERich)
    reference = pefile.PE(data=data)
    assert rich.rich_hash == reference.get_rich_header_hash()
    assert rich.key == rich.checksum == reference.RICH_HEADER.checksum
    assert rich.checksum_valid
    assert [(e.product_id, e.build, e.uses) for e in rich.entries] == entries
    assert [e.product for e in rich.entries] == ["Implib1400", "Utc1900_C", None]
    assert anomalies(data, PERichHeader()) == set()
    (finding,) = [f for f in report_of(data, PERichHeader()) if f.kind == "pe_rich"]
    assert data[finding.offset + finding.size - 8 :][:4] == b"Rich"


@pytest.mark.parametrize(
    ("changes", "anomaly"),
    [
        ({"key": 0x1234_5678}, "rich_checksum_wrong"),
        ({"start": b"Dead", "key": 0x1234_5678}, "rich_start_missing"),
        ({"padding": b"\0\0\0\0hide\0\0\0\0"}, "rich_padding_not_zero"),
        ({"padding": bytes(16)}, "rich_entry_cut"),
        ({"before": b"hidden"}, "rich_data_before"),
        ({"behind": b"\0\0\0\0hidden"}, "rich_data_behind"),
        ({"entries": [(1, 2, 3), (1, 2, 4)]}, "rich_entry_repeated"),
        ({"entries": [(1, n, 1) for n in range(ENTRIES_TOLD + 1)]}, "rich_entries_not_told"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_tampered_rich_header_is_named(changes: dict[str, Any], anomaly: str) -> None:
    data = with_rich(**{"entries": [(260, 1, 1), (258, 1, 1)], **changes})
    assert anomaly in anomalies(data, PERichHeader())


def test_a_changed_stub_breaks_the_checksum() -> None:
    data = bytearray(with_rich([(260, 30795, 9)]))
    data[0x50] ^= 1
    assert anomalies(bytes(data), PERichHeader()) == {"rich_checksum_wrong"}


def test_e_lfanew_is_no_part_of_the_checksum() -> None:
    data = with_rich([(260, 30795, 9)])
    moved = bytearray(data[:0x40] + data[0x40:0xC0] + bytes(0x100) + data[0xC0:])
    pe_at = data.index(b"PE\0\0")
    moved[0x3C:0x40] = struct.pack("<I", pe_at + (0x100 if pe_at >= 0xC0 else 0))
    (rich,) = bodies(bytes(moved), PERichHeader(), PERich)
    assert rich.checksum_valid


def test_a_far_pe_header_is_said_to_be_far() -> None:
    data = build(Image(e_lfanew=REACH + 0x200))
    assert anomalies(data, PERichHeader()) == {"rich_search_cut"}


@pytest.mark.parametrize("plus", [False, True])
def test_imports_are_those_of_pefile(plus: bool) -> None:
    data = image_with(imports(USUAL, plus=plus), plus=plus)
    found = rows(data, PEImportDirectory(), PEImportTable)
    (summary,) = bodies(data, PEImportDirectory(), PEImports)
    reference = pefile.PE(data=data)
    base = reference.OPTIONAL_HEADER.ImageBase
    expected = [
        (library.dll.decode(), one.ordinal if one.import_by_ordinal else None, one.hint, one.address - base)
        for library in reference.DIRECTORY_ENTRY_IMPORT
        for one in library.imports
    ]
    plain = [(row.library, row.ordinal, row.hint, row.rva) for row in found if row.name != "odd name"]
    assert [(one[0] if one[0] != "*invalid*" else "no suffix", *one[1:]) for one in expected] == plain
    assert summary.import_hash == reference.get_imphash()
    assert (summary.libraries, summary.functions, summary.by_ordinal) == (5, 13, 7)
    assert [row.name for row in found][3:10] == [
        "WSAStartup",
        "socket",
        "WSASocketW",
        None,
        "SysAllocString",
        "SysFreeString",
        "VariantClear",
    ]
    assert anomalies(data, PEImportDirectory()) == set()


def test_well_known_ordinals_are_those_that_the_import_hash_is_exchanged_with() -> None:
    ordlookup = pytest.importorskip("ordlookup")
    for library, names in ordlookup.ords.items():
        assert {n: well_known(library.decode(), n) for n in names} == {n: name.decode() for n, name in names.items()}
        assert well_known(library.decode(), 0) is None
    assert well_known("kernel32.dll", 1) is None


def test_long_names_are_told_and_hashed_as_pefile_cuts_them() -> None:
    name = b"?" + b"long" * 300
    data = image_with(imports([Library(b"a.dll", (name, b"b"))]))
    assert rows(data, PEImportDirectory(), PEImportTable)[0].name == name.decode()
    (summary,) = bodies(data, PEImportDirectory(), PEImports)
    assert summary.import_hash == pefile.PE(data=data).get_imphash()
    assert summary.import_hash == hashlib.md5(b"a." + name[:512] + b",a.b").hexdigest()


@pytest.mark.parametrize(("base", "plus"), [(0, False), (0, True), (0x40_0000, False)])
def test_delayed_imports_of_both_kinds(base: int, plus: bool) -> None:
    libraries = [Library(b"shell32.dll", (b"ShellExecuteA", 183)), Library(b"ole32.dll", (b"CoInitialize",))]
    data = image_with(delayed(libraries, plus=plus, base=base), plus=plus)
    found = rows(data, PEImportDirectory(), PEImportTable)
    assert [(row.library, row.name, row.ordinal, row.delay) for row in found] == [
        ("shell32.dll", "ShellExecuteA", None, True),
        ("shell32.dll", None, 183, True),
        ("ole32.dll", "CoInitialize", None, True),
    ]
    (summary,) = bodies(data, PEImportDirectory(), PEImports)
    assert (summary.libraries, summary.delayed_libraries, summary.delayed_functions) == (0, 2, 3)
    assert summary.import_hash is None
    assert anomalies(data, PEImportDirectory()) == set()


def test_bound_addresses_and_modules() -> None:
    library = Library(b"kernel32.dll", (b"Beep", b"Sleep"), timestamp=7, bound=(0x77E6_1BE6, 0x77E6_1BEA))
    tables = imports([library])
    modules = bound([(b"kernel32.dll", 7, [(b"ntdll.dll", 8)]), (b"user32.dll", 9, [])])
    place = RVA + len(tables.data)
    data = image_with(Tables(tables.data + modules, {**tables.directories, 11: (place, len(modules))}))
    assert [row.bound for row in rows(data, PEImportDirectory(), PEImportTable)] == [0x77E6_1BE6, 0x77E6_1BEA]
    told = rows(data, PEImportDirectory(), PEBoundImports)
    assert [tuple(row) for row in told] == [
        ("kernel32.dll", 7, None),
        ("ntdll.dll", 8, "kernel32.dll"),
        ("user32.dll", 9, None),
    ]


def test_the_lookup_table_is_chosen_as_windows_does() -> None:
    tables = imports([Library(b"a.dll", (b"real", b"other"))])
    data = bytearray(tables.data)
    lookup = struct.unpack_from("<I", data)[0]
    decoy = len(data)
    data += struct.pack("<HIH", 0, 0, 0) + b"decoy\0"
    struct.pack_into("<I", data, lookup - RVA, RVA + decoy + 6)
    whole = image_with(Tables(bytes(data), tables.directories))
    assert [row.name for row in rows(whole, PEImportDirectory(), PEImportTable)] == ["decoy", "other"]
    struct.pack_into("<I", data, 0, 0x40)  # in the headers: Windows takes the address table
    whole = image_with(Tables(bytes(data), tables.directories))
    assert [row.name for row in rows(whole, PEImportDirectory(), PEImportTable)] == ["real", "other"]
    assert anomalies(whole, PEImportDirectory()) == {"import_lookup_ignored"}


def _imports_with(change: dict[int, int], flags: int = 0x4000_0040) -> bytes:
    tables = imports([Library(b"a.dll", (b"one", b"two")), Library(b"b.dll", (b"three",))])
    data = bytearray(tables.data)
    for at, value in change.items():
        struct.pack_into("<I", data, at, value)
    return image_with(Tables(bytes(data), tables.directories), flags=flags)


LOOKUP = struct.unpack_from("<I", imports([Library(b"a.dll", (b"one", b"two")), Library(b"b.dll", (b"three",))]).data)[
    0
]


@pytest.mark.parametrize(
    ("data", "anomaly"),
    [
        (image_with(imports([Library(b"a.dll", (b"x",)), Library(b"A.DLL", (b"y",))])), "import_library_repeated"),
        (image_with(imports([Library(b"a.dll", (1, 2)), Library(b"b.dll", (3,))])), "imports_by_ordinal_only"),
        (image_with(imports([Library(b"a.dll", (b"\x01x",))])), "import_name_unprintable"),
        (image_with(imports([Library(b"a\n.dll", (b"x",))])), "import_library_unprintable"),
        (
            image_with(Tables(imports(USUAL).data, {1: (RVA, 40)})),
            "import_descriptors_past_directory",
        ),
        (_imports_with({}, CODE | 0x8000_0000), "import_table_writable_and_executable"),
        (_imports_with({20: LOOKUP}), "import_thunks_overlap"),
        (_imports_with({LOOKUP - RVA: LOOKUP}), "import_name_in_thunks"),
        (_imports_with({LOOKUP - RVA: 0x7000_0000}), "import_name_unreadable"),
        (_imports_with({12: 0x7000_0000}), "import_library_unreadable"),
        (build(), "imports_none"),
        (
            build(Image(directories={1: (0x40, 40)}, patches={0x4C: struct.pack("<II", 0x50, 0x60)})),
            "import_table_in_headers",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_import_lies_are_named(data: bytes, anomaly: str) -> None:
    assert anomaly in anomalies(data, PEImportDirectory())


def test_nothing_is_read_past_a_thunk_that_leads_nowhere() -> None:
    found = rows(_imports_with({LOOKUP - RVA: 0x7000_0000}), PEImportDirectory(), PEImportTable)
    assert [(row.library, row.name) for row in found] == [("a.dll", None), ("b.dll", "three")]


def test_nothing_is_read_past_a_library_whose_name_leads_nowhere() -> None:
    data = _imports_with({12: 0x7000_0000})
    assert [row.name for row in rows(data, PEImportDirectory(), PEImportLibraries)] == [None]


def test_more_libraries_than_are_told() -> None:
    data = image_with(imports([Library(b"a.dll", (7,))] * (LIBRARIES_MAX + 3)))
    assert "imports_not_told" in anomalies(data, PEImportDirectory())
    assert len(rows(data, PEImportDirectory(), PEImportLibraries)) == LIBRARIES_MAX


FUNCTIONS = (0x1000, 0x1010, b"NTDLL.RtlAllocateHeap", 0, 0x1020)
NAMES = ((b"Alpha", 0), (b"Beta", 0), (b"HeapAlloc", 2), (b"alpha", 4))


def test_exports_are_those_of_pefile() -> None:
    data = image_with(exports(Exports(FUNCTIONS, NAMES, base=7)))
    found = rows(data, PEExportDirectory(), PEExportTable)
    (summary,) = bodies(data, PEExportDirectory(), PEExports)
    reference = pefile.PE(data=data)
    symbols = reference.DIRECTORY_ENTRY_EXPORT.symbols
    assert [(row.ordinal, row.name, row.rva, row.forwarder) for row in found] == [
        (one.ordinal, one.name and one.name.decode(), one.address, one.forwarder and one.forwarder.decode())
        for one in symbols
    ]
    assert found[-1] == PEExport(8, None, 0x1010, None)
    assert summary.export_hash == reference.get_exphash() == hashlib.md5(b"alpha,beta,heapalloc,alpha").hexdigest()
    assert (summary.name, summary.base, summary.functions, summary.named, summary.nameless, summary.forwarded) == (
        "built.dll",
        7,
        4,
        4,
        1,
        1,
    )
    assert summary.complete
    assert anomalies(data, PEExportDirectory()) == set()


def test_sixty_thousand_exports_are_told() -> None:
    functions = tuple(0x1000 + n % 512 for n in range(60_000))
    data = image_with(exports(Exports(functions, tuple((b"f%05d" % n, n) for n in range(60_000)))))
    found = rows(data, PEExportDirectory(), PEExportTable)
    assert [row.name for row in found] == [f"f{n:05d}" for n in range(60_000)]
    assert anomalies(data, PEExportDirectory()) == set()


@pytest.mark.parametrize(
    ("what", "anomaly"),
    [
        (Exports((0x1000,), ((b"b", 0), (b"a", 0))), "export_names_unsorted"),
        (Exports((0x1000,), ((b"a", 0), (b"a", 0))), "export_name_repeated"),
        (Exports((0x1000,), ((b"a", 1),)), "export_index_out_of_range"),
        (Exports((0x1000,), ((b"\xe9t\xe9", 0),)), "export_name_unprintable"),
        (Exports((0x1000,), ((b"a" * 9000, 0),)), "export_name_cut"),
        (Exports((0x7000_0000,), ()), "export_outside_image"),
        (Exports((b"nothing",), ()), "export_forwarder_invalid"),
        (Exports((0x1000,), (), number_of_functions=0xFFFF_FFFF), "export_functions_cut"),
        (Exports((0x1000,), (), number_of_names=0xFFFF_FFFF), "export_names_cut"),
        (Exports((0x1000,), (), base=0xFFFF_FFFF), "export_ordinals_out_of_range"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_export_lies_are_named(what: Exports, anomaly: str) -> None:
    assert anomaly in anomalies(image_with(exports(what)), PEExportDirectory())


def test_overlapping_names_use_up_the_fuel_and_it_is_said() -> None:
    tables = exports(Exports((0x1000,), ((b"", 0),) * 9000, module=b"x" * 20_000))
    data = bytearray(tables.data)
    struct.pack_into("<9000I", data, 44, *(RVA + 44 + 9000 * 6 + n for n in range(9000)))
    image = image_with(Tables(bytes(data), tables.directories))
    report = report_of(image, PEExportDirectory(), Limits(fuel=32 << 20))
    assert not report.complete
    names = {f.body.name for f in report if isinstance(f.body, Anomaly)}
    assert "export_rows_not_told" in names
    (summary,) = [f.body for f in report if isinstance(f.body, PEExports)]
    assert not summary.complete
    assert 0 < summary.named < 9000
    assert sum(len(f.body.rows) for f in report if isinstance(f.body, PEExportTable)) == summary.named


def test_a_window_keeps_back_what_summing_up_takes() -> None:
    data = image_with(exports(Exports(FUNCTIONS, NAMES)))
    layout = _layout(data)
    view = View(BytesSource(data), (), 0, fuel=Fuel(RESERVE + LEAST))
    window = Window(layout, view, LEAST)
    window.step(LEAST // Fuel.STEP)
    with pytest.raises(OutOfFuel):
        window.step()
    assert view.fuel.left >= RESERVE


def _layout(data: bytes) -> Any:
    from rorqual.analyzers.formats.pe.headers import read_headers  # noqa: PLC0415 - of use to this one
    from rorqual.analyzers.formats.pe.layout import Layout  # noqa: PLC0415

    view = View(BytesSource(data), (), 0, fuel=Fuel(Limits().fuel))
    return Layout(view, read_headers(view))


@pytest.mark.parametrize("probe", [PERichHeader(), PEImportDirectory(), PEExportDirectory()], ids=lambda p: p.name)
def test_without_a_layout_nothing_is_said(probe: Probe) -> None:
    view = View(BytesSource(build()), (), 0, fuel=Fuel(1 << 20))
    with pytest.raises(Malformed):
        list(probe.examine(Hit(view, Kind("pe"), probe.name)))


@pytest.mark.parametrize("probe", [PEImportDirectory(), PEExportDirectory()], ids=lambda p: p.name)
def test_rom_images_have_no_directories(probe: Probe) -> None:
    data = build(Image(fields={"Magic": 0x107, "Machine": 0x166}))
    with pytest.raises(Malformed):
        list(
            probe.examine(Hit(View(BytesSource(data), (), 0, fuel=Fuel(1 << 20)), Kind("pe"), "x", None, _layout(data)))
        )


@pytest.mark.parametrize(
    ("data", "probe"),
    [
        (with_rich([(260, 1, 2)]), PERichHeader()),
        (image_with(imports(USUAL)), PEImportDirectory()),
        (image_with(exports(Exports(FUNCTIONS, NAMES))), PEExportDirectory()),
    ],
    ids=lambda value: value.name if not isinstance(value, bytes) else "",
)
def test_an_embedded_image_is_told_at_its_own_place(data: bytes, probe: Probe) -> None:
    lead = b"\x5a" * 1234
    alone, inside = (
        [(f.offset - at, f.size, f.body) for f in report_of(source, probe) if f.analyzer == probe.name and not f.place]
        for source, at in ((data, 0), (lead + data, len(lead)))
    )
    assert alone == inside != []


def test_a_small_image_takes_few_reads() -> None:
    tables = imports(USUAL)
    more = exports(Exports(FUNCTIONS, NAMES), rva=0x3000)
    sections = (
        Section(b".text", b"\xc3", CODE),
        Section(b".rdata", tables.data, 0x4000_0040),
        Section(b".edata", more.data, 0x4000_0040),
    )
    data = build(Image(sections=sections, directories={**tables.directories, **more.directories}))
    layout = _layout(data)
    probes: tuple[Probe, ...] = (PEImportDirectory(), PEExportDirectory())
    for probe in probes:
        source = BytesSource(data)
        said = list(probe.examine(Hit(View(source, (), 0, fuel=Fuel(1 << 24)), Kind("pe"), "x", None, layout)))
        assert len(said) >= 2
        assert source.reads <= 3


BASES = [
    image_with(imports(USUAL)),
    image_with(imports(USUAL, plus=True), plus=True),
    image_with(delayed(USUAL, base=0x40_0000)),
    image_with(exports(Exports(FUNCTIONS, NAMES, base=7))),
    with_rich([(257, 26715, 3), (260, 29112, 11), (258, 29112, 1)]),
]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_mutants_are_told_within_the_file(data: st.DataObject) -> None:
    mutant = bytearray(data.draw(st.sampled_from(BASES)))
    edits = st.tuples(
        st.integers(0x40, len(mutant) - 4),
        st.sampled_from([1, 2, 4]),
        st.sampled_from([0, 1, 0x2000, 0x2010, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF]) | st.integers(0, 0xFFFF_FFFF),
    )
    for at, width, value in data.draw(st.lists(edits, max_size=8)):
        mutant[at : at + width] = value.to_bytes(4, "little")[:width]
    del mutant[data.draw(st.integers(len(mutant) // 2, len(mutant))) :]
    source = bytes(mutant)
    try:
        layout = _layout(source)
    except Malformed:
        return
    probes: tuple[Probe, ...] = (PERichHeader(), PEImportDirectory(), PEExportDirectory())
    for probe in probes:
        view = View(BytesSource(source), (), 0, fuel=Fuel(1 << 20))
        try:
            for finding in probe.examine(Hit(view, Kind("pe"), probe.name, None, layout)):
                assert isinstance(finding, Finding)
                assert 0 <= finding.offset <= finding.offset + finding.size <= len(source)
                assert finding.id
        except (Malformed, OutOfFuel):
            continue


def test_rows_are_tuples_with_names() -> None:
    (row, *_) = rows(image_with(imports(USUAL)), PEImportDirectory(), PEImportTable)
    assert isinstance(row, PEImport)
    assert row._asdict() == {
        "library": "KERNEL32.dll",
        "name": "ExitProcess",
        "ordinal": None,
        "hint": 0,
        "rva": row.rva,
        "delay": False,
        "bound": None,
    }


def test_a_directory_without_functions_in_an_image_without_size() -> None:
    data = image_with(exports(Exports((), ())), fields={"SizeOfImage": 0})
    (body,) = bodies(data, PEExportDirectory(), PEExports)
    assert body.functions == 0
    assert "export_outside_image" not in anomalies(data, PEExportDirectory())
