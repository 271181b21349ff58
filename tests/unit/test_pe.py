"""The PE probe on built images: what it says, and what it makes of lies."""

import hashlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rorqual.analyzers.formats.pe.bodies import PEImage, PEOverlay, PESection
from rorqual.analyzers.formats.pe.headers import SECTIONS_TOLD
from rorqual.analyzers.formats.pe.names import printable, section_flags
from rorqual.analyzers.formats.pe.probe import PE
from rorqual.engine.limits import Limits
from rorqual.sdk import Anomaly, Extent, Finding, Kind, Malformed, OutOfFuel, RangeDigest
from tests.builders.pe import BSS, CODE, DATA, Image, Section, build
from tests.builders.probing import BytesSource, examine, findings, view_of

OPTIONAL_AT = 0x80 + 24
TABLE_AT = OPTIONAL_AT + 96 + 128  # of a PE32


def image_of(data: bytes) -> PEImage:
    return next(f.body for f in findings(PE(), data) if isinstance(f.body, PEImage))


def sections_of(data: bytes) -> list[PESection]:
    return [f.body for f in findings(PE(), data) if isinstance(f.body, PESection)]


def anomalies_of(data: bytes) -> set[str]:
    return {f.body.name for f in findings(PE(), data) if isinstance(f.body, Anomaly)}


def overlay_of(data: bytes) -> Finding | None:
    return next((f for f in findings(PE(), data) if isinstance(f.body, PEOverlay)), None)


def extents_of(data: bytes, offset: int = 0) -> list[tuple[int, int, str]]:
    said = examine(PE(), data, offset)
    return [(one.at, one.size, one.format) for one in said if isinstance(one, Extent)]


def test_a_plain_program() -> None:
    data = build()
    image = image_of(data)
    assert (image.format, image.machine, image.subsystem, image.is_dll) == (
        "PE32",
        "I386",
        "WINDOWS_CUI",
        False,
    )
    assert image.characteristics == ("EXECUTABLE_IMAGE", "32BIT_MACHINE")
    assert image.dll_characteristics == ("DYNAMIC_BASE", "NX_COMPAT", "TERMINAL_SERVER_AWARE")
    assert (image.timestamp, image.timestamp_utc) == (1_600_000_000, "2020-09-13T12:26:40Z")
    assert (image.entry_point, image.entry_point_offset, image.entry_point_section) == (0x1000, 0x200, 0)
    assert image.base_of_data == 0
    assert anomalies_of(data) == set()
    assert extents_of(data) == [(0, len(data), "pe")]
    assert overlay_of(data) is None


def test_sections_carry_place_rights_and_digests() -> None:
    data = build()
    text, other = [f for f in findings(PE(), data) if isinstance(f.body, PESection)]
    assert (text.offset, text.size) == (0x200, 0x400)
    assert isinstance(text.body, PESection)
    assert (text.body.name, text.body.executable, text.body.writable) == (".text", True, False)
    assert text.body.sha256 == hashlib.sha256(data[0x200:0x600]).hexdigest()
    assert isinstance(other.body, PESection)
    assert (other.body.name, other.body.executable, other.body.writable) == (".data", False, True)
    assert other.body.anomalies == ()


def test_pe32_plus_has_no_base_of_data() -> None:
    image = image_of(build(Image(plus=True, dll=True)))
    assert (image.format, image.machine, image.is_dll, image.base_of_data) == ("PE32+", "AMD64", True, None)
    assert image.image_base == 0x1_8000_0000


def test_an_embedded_image_is_told_with_places_in_the_source() -> None:
    lead = b"\x5a" * 12_345
    data = lead + build() + b"more"
    said = list(examine(PE(), data, len(lead)))
    assert all(one.finding.offset >= len(lead) for one in said if isinstance(one, RangeDigest))
    image = next(one.body for one in said if isinstance(one, Finding) and isinstance(one.body, PEImage))
    assert image.pe_header_offset == len(lead) + 0x80
    assert image.entry_point_offset == len(lead) + 0x200
    assert extents_of(data, len(lead)) == [(0, len(build()), "pe")]
    assert list(examine(PE(), data, len(data), trigger=Kind("end"))) == []


def test_overlay_reaches_to_the_end_of_the_source() -> None:
    data = build(Image(overlay=b"payload"))
    overlay = overlay_of(data)
    assert overlay is not None
    assert isinstance(overlay.body, PEOverlay)
    assert (overlay.offset, overlay.size) == (len(build()), 7)
    assert overlay.body.unexplained == 7
    assert overlay.body.sha256 == hashlib.sha256(b"payload").hexdigest()


def test_the_certificate_table_is_told_apart_from_the_overlay() -> None:
    data = build(Image(overlay=b"payload", certificate=b"c" * 40))
    end = len(build())
    overlay = overlay_of(data)
    assert overlay is not None
    assert isinstance(overlay.body, PEOverlay)
    assert [(p.name, p.offset, p.size) for p in overlay.body.parts] == [
        ("data", end, 8),
        ("certificates", end + 8, 48),
    ]
    assert extents_of(data) == [(0, end, "pe"), (end + 8, 48, "pe-certificates")]


def test_a_signed_image_is_claimed_whole() -> None:
    data = build(Image(certificate=b"c" * 40))
    assert extents_of(data) == [(0, len(data), "pe")]
    overlay = overlay_of(data)
    assert overlay is not None
    assert isinstance(overlay.body, PEOverlay)
    assert overlay.body.unexplained == 0


def test_a_certificate_behind_a_payload_is_claimed_by_itself() -> None:
    data = build(Image(overlay=b"payload " * 9, certificate=b"c" * 40))
    end = len(build())
    assert extents_of(data) == [(0, end, "pe"), (end + 72, 48, "pe-certificates")]
    overlay = overlay_of(data)
    assert overlay is not None
    assert isinstance(overlay.body, PEOverlay)
    assert overlay.body.unexplained == 72


def test_long_section_names_come_from_the_string_table() -> None:
    sections = (
        Section(b".text", b"\xc3", CODE),
        Section(b"/4", b"x"),
        Section(b"//AAAAAQ", b"y"),
        Section(b"/99", b"z"),
    )
    data = build(Image(sections=sections, symbols=bytes(18), strings=b".debug_info\0.debug_line\0"))
    assert [s.name for s in sections_of(data)] == [".text", ".debug_info", ".debug_line", "/99"]
    overlay = overlay_of(data)
    assert overlay is not None
    assert isinstance(overlay.body, PEOverlay)
    assert [(p.name, p.size) for p in overlay.body.parts] == [("symbols", 18 + 4 + 24)]


def test_names_are_kept_to_the_last_byte_and_print_safely() -> None:
    data = build(Image(sections=(Section(b"a\x1b\0\xff\\z", b"x", CODE),)))
    assert sections_of(data)[0].name == r"a\x1b\x00\xff\x5cz"
    assert printable(b".text") == ".text"


def test_a_section_without_bytes_is_told_at_its_row() -> None:
    sections = (Section(b".text", b"\xc3", CODE), Section(b".bss", flags=BSS, virtual_size=0x5000))
    data = build(Image(sections=sections))
    bss = [f for f in findings(PE(), data) if isinstance(f.body, PESection)][1]
    assert (bss.offset, bss.size) == (TABLE_AT + 40, 40)
    assert isinstance(bss.body, PESection)
    assert (bss.body.present, bss.body.sha256, bss.body.anomalies) == (0, None, ())


def test_directories_map_to_file_places() -> None:
    data = build(Image(directories={1: (0x2004, 5), 2: (0x9000_0000, 16), 11: (0x190, 8)}))
    found = {d.name: (d.offset, d.section) for d in image_of(data).directories}
    assert found == {"IMPORT": (0x604, 1), "RESOURCE": (None, None), "BOUND_IMPORT": (0x190, None)}
    assert anomalies_of(data) == {"directory_without_bytes"}


def test_a_raw_pointer_is_rounded_down_to_a_sector() -> None:
    sections = (Section(b".text", b"\xc3" * 0x400, CODE, raw_pointer=0x2FF),)
    data = build(Image(sections=sections))
    found = next(f for f in findings(PE(), data) if isinstance(f.body, PESection))
    assert (found.offset, found.size) == (0x200, 0x400)
    assert isinstance(found.body, PESection)
    assert found.body.anomalies == ("raw_pointer_unaligned",)


def test_low_alignment_maps_the_file_flat() -> None:
    data = build(Image(file_alignment=0x20, section_alignment=0x20, fields={"AddressOfEntryPoint": 0x1C8}))
    image = image_of(data)
    assert image.entry_point_offset == 0x1C8
    assert "alignment_low" in anomalies_of(data)
    driver = build(Image(file_alignment=0x20, section_alignment=0x20, fields={"Subsystem": 1}))
    assert "alignment_low" not in anomalies_of(driver)


def test_uefi_sections_are_read_to_the_byte() -> None:
    sections = (Section(b".text", b"\xc3" * 0x400, CODE, raw_pointer=0x220, raw_size=0x100),)
    data = build(Image(sections=sections, fields={"Subsystem": 10}))
    found = next(f for f in findings(PE(), data) if isinstance(f.body, PESection))
    assert (found.offset, found.size) == (0x220, 0x100)


def test_headers_folded_into_the_dos_header() -> None:
    data = build(Image(e_lfanew=4, section_alignment=4, file_alignment=4))
    assert image_of(data).pe_header_offset == 4
    assert "headers_folded" in anomalies_of(data)


def test_a_rom_image() -> None:
    data = build(Image(fields={"Magic": 0x107, "Machine": 0x166}))
    image = image_of(data)
    assert (image.format, image.machine, image.image_base, image.directories) == ("ROM", "R4000", 0, ())


def test_unknown_machine_and_magic() -> None:
    assert image_of(build(Image(fields={"Machine": 0x1234}))).machine == "0x1234"
    assert "machine_unknown" in anomalies_of(build(Image(fields={"Machine": 0x1234})))
    assert image_of(build(Image(fields={"Machine": 0x8664 ^ 0x7B79}))).machine == "AMD64/Linux"
    assert image_of(build(Image(fields={"Magic": 0x123}))).format == "0x123"
    with pytest.raises(Malformed):
        list(examine(PE(), build(Image(fields={"Magic": 0x123, "Machine": 0x1234}))))


@pytest.mark.parametrize(
    ("fields", "anomaly"),
    [
        ({"NumberOfRvaAndSizes": 0xFFFF_FFFF}, "directory_count_wrong"),
        ({"SizeOfOptionalHeader": 0x20}, "section_table_folded"),
        ({"SizeOfOptionalHeader": 225}, "optional_header_size_odd"),
        ({"FileAlignment": 0x300}, "alignment_invalid"),
        ({"SectionAlignment": 0x100}, "alignment_invalid"),
        ({"SectionAlignment": 0}, "alignment_invalid"),
        ({"ImageBase": 0x40_1000}, "image_base_unaligned"),
        ({"SizeOfImage": 0x10_0000}, "size_of_image_wrong"),
        ({"SizeOfHeaders": 0x10}, "size_of_headers_wrong"),
        ({"SizeOfHeaders": 0xFFFF_FFFF}, "size_of_headers_wrong"),
        ({"Win32VersionValue": 1}, "win32_version_set"),
        ({"LoaderFlags": 1}, "loader_flags_set"),
        ({"AddressOfEntryPoint": 0}, "entry_point_zero"),
        ({"AddressOfEntryPoint": 0x800_0000}, "entry_point_outside_sections"),
        ({"AddressOfEntryPoint": 0x2000}, "entry_point_not_executable"),
        ({"Characteristics": 0}, "not_executable_image"),
        ({"Machine": 0x8664}, "magic_against_machine"),
        ({"PointerToSymbolTable": 0xFFFF_FFF0, "NumberOfSymbols": 0xFFFF_FFFF}, "symbols_cut"),
        ({"PointerToSymbolTable": 0x200}, "symbols_inside_image"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_header_lies_are_named(fields: dict[str, int], anomaly: str) -> None:
    assert anomaly in anomalies_of(build(Image(fields=fields)))


@pytest.mark.parametrize(
    ("section", "anomaly"),
    [
        (Section(b"x", b"x", raw_size=0xFFFF_FFFF), "raw_past_end"),
        (Section(b"x", b"x", raw_pointer=0x1000_0000), "raw_past_end"),
        (Section(b"x", b"x", raw_pointer=0), "raw_size_without_pointer"),
        (Section(b"x", b"x", raw_pointer=1), "raw_over_headers"),
        (Section(b"x", b"x" * 0x200, raw_pointer=0x200), "raw_overlap"),
        (Section(b"x", b"x" * 0x2000, virtual_size=1), "raw_beyond_virtual"),
        (Section(b"x", b"x", virtual_address=0x1000), "virtual_overlap"),
        (Section(b"x", b"x", virtual_address=0x2345), "virtual_address_unaligned"),
        (Section(b"x", b"x", virtual_address=0), "virtual_out_of_order"),
        (Section(b"x", b"x", flags=CODE | 0x8000_0000), "writable_and_executable"),
        (Section(b"x"), "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_section_lies_are_named(section: Section, anomaly: str) -> None:
    data = build(Image(sections=(Section(b".text", b"\xc3" * 0x400, CODE), section)))
    assert anomaly in sections_of(data)[1].anomalies


def test_a_cut_image_has_no_overlay_and_says_so() -> None:
    data = build()[:0x500]
    assert "image_cut" in anomalies_of(data)
    assert overlay_of(data) is None
    assert [s.present for s in sections_of(data)] == [0x300, 0]


def test_an_image_cut_in_its_headers() -> None:
    data = build()[: OPTIONAL_AT + 70]
    assert {"optional_header_cut", "section_table_cut"} <= anomalies_of(data)
    assert sections_of(data) == []
    for size in range(OPTIONAL_AT + 2):
        with pytest.raises(Malformed):
            list(examine(PE(), build()[:size]))


def test_no_sections() -> None:
    data = build(Image(sections=())) + b"rest"
    assert "sections_none" in anomalies_of(data)
    assert overlay_of(data) is not None


def test_many_sections_are_told_up_to_a_ceiling_and_all_measured() -> None:
    count = 0xFFFF
    data = bytearray(build(Image(sections=(), fields={"NumberOfSections": count})))
    row = struct.pack("<8s6I2HI", b"x", 0x10, 0x1000, 0x200, 0x200, 0, 0, 0, 0, DATA)
    last = struct.pack("<8s6I2HI", b"last", 0x10, 0x1000, 0x200, 0x28_0200, 0, 0, 0, 0, DATA)
    data[TABLE_AT:] = row * (count - 1) + last
    data += bytes(0x28_0400 - len(data)) + b"overlay"
    said = list(examine(PE(), bytes(data), fuel=Limits().fuel))
    assert sum(isinstance(one, RangeDigest) for one in said) == SECTIONS_TOLD
    assert [one.size for one in said if isinstance(one, Extent)] == [0x28_0400]
    names = {one.body.name for one in said if isinstance(one, Finding) and isinstance(one.body, Anomaly)}
    assert {"sections_many", "sections_not_told"} <= names


def test_the_section_table_past_the_end() -> None:
    assert "section_table_cut" in anomalies_of(build(Image(fields={"NumberOfSections": 0xFFFF})))


@pytest.mark.parametrize(
    "data",
    [
        b"MZ" + bytes(62),
        b"MZ" + bytes(58) + b"\x40\0\0\0" + b"NE" + bytes(100),
        b"MZ" + b" is how a program starts, they say" * 4,
        b"MZ" + bytes(58) + b"\xff\xff\xff\x0f",
        b"MZ" + bytes(58) + b"\0\0\0\0",
        b"",
        b"MZ",
    ],
)
def test_look_alikes_yield_nothing(data: bytes) -> None:
    assert PE().score(view_of(data)) == 0
    with pytest.raises(Malformed):
        list(examine(PE(), data))
    assert list(examine(PE(), data, len(data), trigger=Kind("end"))) == []


def test_the_prefilter_prefers_the_plausible() -> None:
    good = PE().score(view_of(build()))
    odd = PE().score(view_of(build(Image(fields={"Machine": 0x1234, "Characteristics": 0}))))
    assert good > odd > 0


def test_an_examination_is_a_handful_of_reads() -> None:
    source = BytesSource(build(Image(plus=True, overlay=b"x" * 999, certificate=b"y" * 99, strings=b"z\0")))
    list(examine(PE(), source))
    assert source.reads <= 6
    source.reads = 0
    PE().score(view_of(source))
    assert source.reads == 2


def test_alignment_numbers_are_not_flags() -> None:
    assert section_flags(0x6030_0020) == ("CNT_CODE", "MEM_EXECUTE", "MEM_READ", "ALIGN_4BYTES")
    assert section_flags(0x00F0_0000) == ("ALIGN_0xf",)
    assert section_flags(0x0000_0401) == ("0x1", "0x400")


BASES = [
    build(),
    build(Image(plus=True, dll=True, overlay=b"o" * 64, certificate=b"c" * 32)),
    build(Image(symbols=bytes(36), strings=b".debug_info\0", sections=(Section(b"/4", b"x", CODE),) * 3)),
    build(Image(e_lfanew=4, section_alignment=4, file_alignment=4)),
]


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_mutants_fault_in_no_way_but_the_agreed(data: st.DataObject) -> None:
    mutant = bytearray(data.draw(st.sampled_from(BASES)))
    edits = st.tuples(
        st.integers(0, min(len(mutant), 0x300) - 4), st.sampled_from([1, 2, 4]), st.integers(0, 0xFFFF_FFFF)
    )
    for at, width, value in data.draw(st.lists(edits, max_size=8)):
        mutant[at : at + width] = value.to_bytes(4, "little")[:width]
    del mutant[data.draw(st.integers(0, len(mutant))) :]
    source = BytesSource(bytes(mutant))
    for offset, trigger in ((0, None), (len(mutant), Kind("end"))):
        try:
            said = list(examine(PE(), source, offset, trigger=trigger, fuel=1 << 20))
        except (Malformed, OutOfFuel):
            continue
        for one in said:
            finding = one.finding if isinstance(one, RangeDigest) else one
            if isinstance(finding, Finding):
                assert 0 <= finding.offset <= finding.offset + finding.size <= len(mutant)
                assert finding.id
            elif isinstance(finding, Extent):
                assert 0 <= finding.at <= finding.at + finding.size <= len(mutant)
    assert source.reads < 400
