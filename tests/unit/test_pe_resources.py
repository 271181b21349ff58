"""Resources of built PE images: what the probes say, and what they make of lies."""

import hashlib
import io
import struct
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rorqual
from rorqual.analyzers.formats.pe.probe import PE
from rorqual.analyzers.formats.pe.resources import resource_content as content
from rorqual.analyzers.formats.pe.resources.icons import PEIconsProbe
from rorqual.analyzers.formats.pe.resources.manifest import PEManifestProbe
from rorqual.analyzers.formats.pe.resources.ranges import Ranges
from rorqual.analyzers.formats.pe.resources.resource_names import language_tag
from rorqual.analyzers.formats.pe.resources.resource_tree import ENTRIES_MAX
from rorqual.analyzers.formats.pe.resources.resources import LEAVES_TOLD, LIES_TOLD, MEASURED_LEAST, PEResourcesProbe
from rorqual.analyzers.formats.pe.resources.strings import PEStringsProbe
from rorqual.analyzers.formats.pe.resources.version import PEVersionProbe
from rorqual.sdk import Analyzer, Anomaly, Finding, format_of
from tests.builders.pe import Image, Section, build
from tests.builders.pe_resources import (
    AT,
    DE_DE,
    DEEPER,
    DIALOG,
    GROUP_ICON,
    ICON,
    MANIFEST,
    MESSAGETABLE,
    RCDATA,
    RSRC,
    RVA,
    STRING,
    VERSION,
    Resource,
    bundle,
    data_entry,
    dialog,
    dib,
    directory,
    icon_group,
    image,
    messages,
    section,
    version,
)
from tests.builders.probing import view_of

PROBES: tuple[Analyzer, ...] = (
    PE(),
    PEResourcesProbe(),
    PEVersionProbe(),
    PEManifestProbe(),
    PEIconsProbe(),
    PEStringsProbe(),
)
ZIP = b"PK\x03\x04" + bytes(40)


def scan(data: bytes) -> rorqual.Report:
    return rorqual.scan(data, analyzers=PROBES)


def told(data: bytes, kind: str) -> list[Finding]:
    report = scan(data)
    assert [fault for fault in report.faults if fault.reason == "fault"] == []
    return [one for one in report if one.kind == kind and one.place == ()]


def bodies(data: bytes, kind: str) -> list[Any]:
    return [one.body for one in told(data, kind)]


def anomalies(data: bytes, prefix: str = "") -> list[str]:
    found = [one.body for one in told(data, "anomaly") if one.analyzer != "pe"]
    return [body.name for body in found if isinstance(body, Anomaly) and body.name.startswith(prefix)]


def tables(parts: dict[int, bytes], size: int = 0x900) -> bytes:
    """A section with these tables at these offsets."""
    data = bytearray(size)
    for at, part in parts.items():
        data[at : at + len(part)] = part
    return image(bytes(data))


def test_each_leaf_is_told_with_its_place_and_measures() -> None:
    payload = bytes(range(200))
    resources = [
        Resource("OWN", "NAME", payload, DE_DE, code_page=1252),
        Resource(RCDATA, 12, b"x" * (MEASURED_LEAST - 1)),
        Resource(999, 3, b"", 0),
    ]
    data = image(resources)
    own, raw, empty = sorted(told(data, "pe_resource"), key=lambda one: str(one.body.type_id), reverse=True)  # type: ignore[attr-defined]  # bodies of this kind have it
    one: Any = own.body
    assert (one.type, one.type_id, one.name, one.name_id) == ("OWN", None, "NAME", None)
    assert (one.language, one.language_id, one.primary_language, one.sublanguage) == ("de-DE", DE_DE, 7, 1)
    assert (one.code_page, one.data_size, one.present, one.section) == (1252, 200, 200, 1)
    assert (own.offset, own.size) == (data.find(payload), 200)
    assert one.rva - RVA == own.offset - AT
    assert (one.sha256, round(one.entropy, 2)) == (hashlib.sha256(payload).hexdigest(), 7.64)
    other: Any = raw.body
    if other.type == "999":
        other, empty = empty.body, raw
    assert (other.type, other.name_id, other.sha256) == ("RCDATA", 12, None)
    assert empty.size == 16  # its data entry
    summary = bodies(data, "pe_resources")[0]
    assert (summary.leaves, summary.told, summary.data_size) == (3, 3, 215)
    assert {(row.type, row.number) for row in summary.types} == {("OWN", 1), ("RCDATA", 1), ("999", 1)}
    assert summary.anomalies == ()


def test_leaves_that_share_bytes_are_measured_once() -> None:
    payload = b"the same bytes for both"
    place = RVA + section([Resource(RCDATA, 1, payload), Resource(RCDATA, 2, b"")]).find(payload)
    data = image([Resource(RCDATA, 1, payload), Resource(RCDATA, 2, b"", rva=place, size=len(payload))])
    first, second = bodies(data, "pe_resource")
    assert {(first.shared, first.sha256 is None), (second.shared, second.sha256 is None)} == {
        (False, False),
        (True, True),
    }
    assert scan(data).complete


def test_ranges_are_taken_once() -> None:
    ranges = Ranges()
    assert ranges.take(10, 20) and ranges.take(20, 30) and ranges.take(0, 10)
    assert not any(ranges.take(*span) for span in ((5, 6), (15, 25), (0, 30), (29, 40)))
    assert ranges.take(30, 31)


def test_embedded_files_become_children() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a", "b")
    data = image(
        [Resource(RCDATA, 1, build()), Resource(RCDATA, 2, packed.getvalue()), Resource(RCDATA, 3, b"MZ" + bytes(90))]
    )
    report = scan(data)
    assert [(child.size, child.place[0][1]) for child in report.children] == [
        (len(build()), "resource"),
        (len(packed.getvalue()), "resource"),
    ]
    assert sorted(str(body.content) for body in bodies(data, "pe_resource")) == ["None", "pe", "zip"]


def test_a_leaf_over_everything_hides_no_child() -> None:
    place = RVA + section([Resource(RCDATA, 1, b""), Resource(RCDATA, 2, ZIP)]).find(ZIP)
    data = image([Resource(RCDATA, 1, b"", rva=place - 8, size=len(ZIP) + 8), Resource(RCDATA, 2, ZIP)])
    assert len(scan(data).children) == 1


@pytest.mark.parametrize(
    ("raw", "format"),
    [
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"GIF89a....", "gif"),
        (b"\xff\xd8\xff\xe0....", "jpeg"),
        (b"BM" + struct.pack("<IIII", 100, 0, 54, 40) + bytes(40), "bmp"),
        (b"BM is how a text may begin", "text"),
        (dib(16), "bmp"),
        (ZIP, "zip"),
        (b"MSCF\0\0\0\0....", "cab"),
        (b"7z\xbc\xaf\x27\x1c....", "7z"),
        (b"Rar!\x1a\x07\1\0", "rar"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"%PDF-1.7\n", "pdf"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "wav"),
        (b"RIFF\x10\0\0\0AVI LIST", "avi"),
        (b"\xde\x12\x04\x95\0\0\0\0", "mo"),
        (b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, 4, 22) + b"icon", "ico"),
        (b"\x7fELF\2\1\1" + bytes(40), "elf"),
        (b"\x7fELF\2\7\1" + bytes(40), None),
        (b"\xcf\xfa\xed\xfe" + struct.pack("<IIIIIII", 0x0100_0007, 3, 2, 1, 1, 0, 0), "macho"),
        (b"\xcf\xfa\xed\xfe" + bytes(40), None),
        (b"\xca\xfe\xba\xbe" + struct.pack(">IIIIIIII", 2, 7, 3, 4096, 100, 12, 0x0100_0007, 3), "macho"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(40), "class"),
        (build(), "pe"),
        (build()[:0x81], "mz"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        (b"\xef\xbb\xbf  <assembly xmlns='x'>", "xml"),
        ("\ufeff<?xml version='1.0'?>".encode("utf-16-le"), "xml"),
        (b"<!DOCTYPE html><p>", "html"),
        ("Grüße aus der Ferne".encode(), "text"),
        (b"text" * 15 + "abcä".encode(), "text"),  # the head ends in a character
        (b"short", None),
        (bytes(64), None),
        (bytes(range(256)), None),
    ],
)
def test_contents_by_their_first_bytes(raw: bytes, format: str | None) -> None:
    assert content.content_of(view_of(b"~~~" + raw), 3, len(raw)) == format


def test_contents_are_in_the_table_of_formats() -> None:
    ids = {format for _, format in content._SIGNATURES} | set(content._RIFF.values())
    assert all(format_of(id) for id in ids | content.EXECUTABLES | content.ARCHIVES)


@pytest.mark.parametrize(
    ("identifier", "tag"), [(0x409, "en-US"), (0x9, "en"), (0x7C09, "en"), (0, "und"), (0x3FF, None), (0x1_0409, None)]
)
def test_language_tags(identifier: int, tag: str | None) -> None:
    assert language_tag(identifier) == tag


LOOP = {0: directory([(1, DEEPER | 0x40)]), 0x40: directory([(1, DEEPER)])}
DEEP = {at: directory([(1, DEEPER | at + 0x20)]) for at in range(0, 0x400, 0x20)}
LEAF = {0: directory([(1, DEEPER | 0x20)]), 0x20: directory([(1, DEEPER | 0x40)]), 0x40: directory([(0, 0x60)])}


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (LOOP, "resource_loop"),
        ({0: directory([(1, DEEPER)])}, "resource_loop"),
        (DEEP, "resource_depth"),
        ({0: directory([(1, 0x40)]), 0x40: data_entry(RVA, 16)}, "resource_depth"),
        ({0: directory([(1, DEEPER | 0x7FFF_0000)])}, "resource_directory_outside"),
        ({0: directory([(1, DEEPER | 0x40), (2, DEEPER | 0x40)])}, "resource_directory_shared"),
        (LEAF | {0x60: data_entry(0x7000_0000, 16)}, "resource_outside_image"),
        (LEAF | {0x60: data_entry(RVA + 0x100, 0x7000_0000)}, "resource_size_past_end"),
        (LEAF | {0x40: directory([(0, 0x7000_0000)])}, "resource_entry_outside"),
        ({0: bytes(12) + b"\0\0\xff\xff", 0x10: bytes(0x8F0)}, "resource_directory_cut"),
        (LEAF | {0x20: directory([(DEEPER | 0x7000_0000, DEEPER | 0x40)])}, "resource_name_outside"),
        (LEAF | {0x20: directory([(DEEPER | 0x200, DEEPER | 0x40)]), 0x200: b"\x01\x01"}, "resource_name_cut"),
        ({0: directory([(2, 0x60), (1, 0x60)])}, "resource_entries_unsorted"),
        ({0: directory([(2, 0x60), (2, 0x60)])}, "resource_entries_repeated"),
    ],
)
def test_every_lie_has_its_name(parts: dict[int, bytes], name: str) -> None:
    data = tables(parts)
    assert name in anomalies(data)
    summary = bodies(data, "pe_resources")[0]
    assert dict(summary.anomalies)[name] >= 1


def test_lies_are_counted_and_told_a_few_times() -> None:
    data = tables({0: directory([(n, DEEPER) for n in range(100)])})
    assert anomalies(data, "resource_loop") == ["resource_loop"] * LIES_TOLD
    assert dict(bodies(data, "pe_resources")[0].anomalies) == {"resource_loop": 100}


def test_very_many_leaves_become_rows_and_none_is_lost() -> None:
    count = LEAVES_TOLD + 1000
    data = image([Resource(RCDATA, n, b"") for n in range(count)])
    report = scan(data)
    assert report.complete
    rows = [row for one in report if one.kind == "pe_resource_rows" for row in one.body.rows]  # type: ignore[attr-defined]  # bodies of this kind have it
    single = sum(one.kind == "pe_resource" for one in report)
    summary: Any = next(one.body for one in report if one.kind == "pe_resources")
    assert (summary.leaves, summary.told, single + len(rows)) == (count, single, count)
    assert dict(summary.anomalies) == {"resources_not_told": 1}
    assert rows[-1].name == str(count - 1)


def test_a_flood_of_rows_has_an_end() -> None:
    rows = directory([(n, 0) for n in range(0xFFFF)])
    data = image(rows + bytes(0x1000))
    summary = bodies(data, "pe_resources")[0]
    assert summary.entries == ENTRIES_MAX
    assert "resources_not_told" in dict(summary.anomalies)
    assert scan(data).complete


def test_zeros_mapped_behind_the_file_are_no_bytes_of_it() -> None:
    data = section([Resource(RCDATA, 1, b"payload" * 10, size=0x4000)])
    whole = build(
        Image(sections=(Section(b".rsrc", data, RSRC, virtual_size=0x8000),), directories={2: (0x1000, 0x8000)})
    )
    whole = whole.replace(struct.pack("<I", RVA), struct.pack("<I", 0x1000))
    finding = bodies(image(data), "pe_resource")[0]
    assert finding.data_size == 0x4000
    assert finding.present < 0x4000
    assert anomalies(image(data), "resource_size_past_end")
    assert not told(build(Image(directories={2: (0x7000_0000, 16)})), "pe_resources")
    assert scan(whole).complete


def test_version_information_of_each_language() -> None:
    one = version({"ProductName": "Wal", "FileVersion": "4.5"}, key="040704e4", file_version=(10, 0, 19041, 1))
    data = image([Resource(VERSION, 1, one, DE_DE), Resource(VERSION, 1, version({"A": "B"}))])
    german, english = sorted(bodies(data, "pe_version"), key=lambda body: str(body.language))
    assert german.fixed.file_version == "10.0.19041.1"
    assert german.fixed.flags == ("DEBUG",)
    assert (german.fixed.os, german.fixed.type) == ("NT_WINDOWS32", "APP")
    assert [(t.language, t.code_page) for t in german.translations] == [("de-DE", 1252)]
    assert english.strings == 1
    strings = {body.key: dict(body.rows) for body in bodies(data, "pe_version_strings")}
    assert strings == {"040704e4": {"ProductName": "Wal", "FileVersion": "4.5"}, "040904b0": {"A": "B"}}
    assert anomalies(data) == []


@pytest.mark.parametrize(
    ("name", "dll", "anomaly"),
    [
        ("setup.exe", True, "version_names_program"),
        ("SETUP.EXE.MUI", True, "version_names_program"),
        ("core.dll", False, "version_names_library"),
        ("bill.pdf", False, "version_names_document"),
        ("setup.exe", False, None),
        ("core.dll", True, None),
        ("exe", True, None),
        ("driver.sys", False, None),
    ],
)
def test_claimed_names_of_another_kind(name: str, dll: bool, anomaly: str | None) -> None:
    data = image([Resource(VERSION, 1, version({"OriginalFilename": name}))], Image(dll=dll))
    assert anomalies(data) == ([] if anomaly is None else [anomaly])


def test_texts_carry_no_control_characters() -> None:
    data = image([Resource(VERSION, 1, version({"A\x1b": "b\x1b[2J\x9b\nc"})), Resource("\x07T", "N\r", b"x")])
    assert bodies(data, "pe_version_strings")[0].rows == (("A\\x1b", "b\\x1b[2J\\x9b\nc"),)
    assert [(b.type, b.name) for b in bodies(data, "pe_resource") if b.type_id is None] == [("\\x07T", "N\\x0d")]


def manifest(text: str | bytes) -> Any:
    raw = text if isinstance(text, bytes) else text.encode()
    return bodies(image([Resource(MANIFEST, 1, raw)]), "pe_manifest")[0]


def test_a_manifest_in_utf_16() -> None:
    text = '\ufeff<assembly><requestedExecutionLevel level="highestAvailable" uiAccess="true"/></assembly>'
    found = manifest(text.encode("utf-16-le"))
    assert (found.encoding, found.execution_level, found.ui_access) == ("utf-16-le", "highestAvailable", "true")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("<a><x:requestedExecutionLevel level='asInvoker'/></a>", "asInvoker"),
        ("<a b='>' c=\"'\"><requestedExecutionLevel\n level = 'asInvoker' ></a>", "asInvoker"),
        ("<a><!-- <requestedExecutionLevel level='asInvoker'/> --></a>", None),
        ("<a><![CDATA[<requestedExecutionLevel level='asInvoker'/>]]></a>", None),
        ("<requestedExecutionLevel level='as&#73;nvoker'", None),
        ("<requestedExecutionLevel level='as&#73;nvoker'/>", "asInvoker"),
        ("", None),
        ("<", None),
    ],
)
def test_manifests_are_read_tolerantly(text: str, level: str | None) -> None:
    data = image([Resource(MANIFEST, 1, text.encode() or b"\n")])
    assert bodies(data, "pe_manifest")[0].execution_level == level


@pytest.mark.parametrize(
    "unit", ["<a ", "a", "<!--", "<![CDATA[", "a=", "<a b=", "<a '", '<a "', "</a>", "&#", "<?", " = "]
)
def test_manifests_cost_what_their_size_explains(unit: str) -> None:
    text = "<a " + unit * (60_000 // len(unit))
    report = scan(image([Resource(MANIFEST, 1, text.encode())]))
    assert not report.faults  # and it ends


def test_icon_groups_name_their_largest_icon() -> None:
    small, large = dib(16), dib(48)
    group = icon_group([(48, large, 2), (16, small, 1)])
    data = image([Resource(ICON, 1, small), Resource(ICON, 2, large), Resource(GROUP_ICON, "MAIN", group)])
    (found,) = bodies(data, "pe_icon_group")
    assert [(i.width, i.bit_depth, i.data_size, i.id) for i in found.icons] == [
        (48, 32, len(large), 2),
        (16, 32, len(small), 1),
    ]
    assert (found.largest, found.icons[0].offset) == (0, data.find(large))
    assert found.md5 == hashlib.md5(large).hexdigest()
    assert found.sha256 == hashlib.sha256(large).hexdigest()


def test_an_icon_is_that_of_its_groups_language() -> None:
    here, there = dib(16, fill=1), dib(16, fill=2)
    group = icon_group([(16, here, 1)])
    resources = [Resource(ICON, 1, here), Resource(ICON, 1, there, DE_DE)]
    data = image([*resources, Resource(GROUP_ICON, 1, group), Resource(GROUP_ICON, 1, group, DE_DE)])
    found = {body.language: body.sha256 for body in bodies(data, "pe_icon_group")}
    assert found == {"en-US": hashlib.sha256(here).hexdigest(), "de-DE": hashlib.sha256(there).hexdigest()}


def test_strings_have_the_numbers_that_programs_load_them_by() -> None:
    data = image([Resource(STRING, 4, bundle({0: "a", 3: "b"}))])
    assert [(row.id, row.text) for row in bodies(data, "pe_strings")[0].rows] == [(48, "a"), (51, "b")]


@pytest.mark.parametrize("extended", [True, False])
def test_dialogs(extended: bool) -> None:
    raw = dialog("Title", [(1, 0x80, "&Yes"), (2, "EDITOR", "x"), (3, 0x82, "what\nfor")], extended=extended)
    (found,) = bodies(image([Resource(DIALOG, 1, raw)]), "pe_dialog")
    assert (found.title, found.font, found.point_size, found.extended) == ("Title", "MS Shell Dlg", 8, extended)
    assert [tuple(one) for one in found.controls] == [
        (1, "Button", "&Yes"),
        (2, "EDITOR", "x"),
        (3, "Static", "what\nfor"),
    ]


def test_a_control_with_creation_data_is_passed_over() -> None:
    raw = dialog("T", [(1, 0x80, "one"), (2, 0x80, "two")])
    at = raw.find("one".encode("utf-16-le")) + 8
    raw = raw[:at] + b"\4\0" + b"data" + raw[at + 2 :]
    (found,) = bodies(image([Resource(DIALOG, 1, raw)]), "pe_dialog")
    assert [one.text for one in found.controls] == ["one", "two"]


def test_messages_come_in_bodies_of_256() -> None:
    raw = messages({1: [f"message {n}" for n in range(600)], 5000: ["last"]})
    found = bodies(image([Resource(MESSAGETABLE, 1, raw)]), "pe_messages")
    assert [(body.first, len(body.rows)) for body in found] == [(0, 256), (256, 256), (512, 89)]
    assert (found[-1].rows[-1].id, found[-1].rows[-1].text) == (5000, "last\r\n")


BASES = [
    image([Resource(RCDATA, "A", ZIP), Resource(VERSION, 1, version({"A": "B", "C": "D"}))]),
    image([Resource(ICON, 1, dib(8)), Resource(GROUP_ICON, 1, icon_group([(8, dib(8), 1)]))]),
    image([Resource(DIALOG, 1, dialog("T", [(1, 0x80, "x")] * 3)), Resource(STRING, 1, bundle({0: "a", 9: "b"}))]),
    image([Resource(MESSAGETABLE, 1, messages({1: ["one", "two"]})), Resource(MANIFEST, 1, b"<a b='c'>d</a>")]),
]


@settings(max_examples=150, deadline=None)
@given(chance=st.data())
def test_mutants_make_no_fault(chance: st.DataObject) -> None:
    mutant = bytearray(chance.draw(st.sampled_from(BASES)))
    values = st.one_of(
        st.sampled_from([0, 0xFF, 0x8000_0000, 0xFFFF_FFFF]), st.integers(0, 0x400), st.integers(DEEPER, DEEPER + 0x400)
    )
    edits = st.tuples(st.integers(AT, min(len(mutant), AT + 0x400) - 4), st.sampled_from([1, 2, 4]), values)
    for at, width, value in chance.draw(st.lists(edits, min_size=1, max_size=8)):
        mutant[at : at + width] = value.to_bytes(4, "little")[:width]
    report = scan(bytes(mutant))
    assert [fault for fault in report.faults if fault.reason == "fault"] == []
    for one in report:
        if one.place == ():
            assert 0 <= one.offset <= one.offset + one.size <= len(mutant)


def test_a_row_that_the_file_ends_in_is_told_as_far_as_it_goes() -> None:
    mutant = bytearray(BASES[0])
    mutant[1076], mutant[1532] = 1, 255
    spans = [(one.offset, one.size) for one in scan(bytes(mutant)) if one.place == ()]
    assert all(offset + size <= len(mutant) for offset, size in spans)
