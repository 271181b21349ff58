"""The probes for parts of a PE: what they say of built images, and what they make of lies."""

import random
import struct
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

import rorqual
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.probe import PE
from rorqual.analyzers.formats.pe.running.checksum import PEChecksum, PEHeaderChecksum
from rorqual.analyzers.formats.pe.running.debug import PEDebug, PEDebugDirectory
from rorqual.analyzers.formats.pe.running.exceptions import PEExceptionDirectory, PEExceptions
from rorqual.analyzers.formats.pe.running.load_config import PELoadConfig, PELoadConfiguration
from rorqual.analyzers.formats.pe.running.mitigations import PEHardening, PEMitigations
from rorqual.analyzers.formats.pe.running.relocations import COUNTED_MAX, PEBaseRelocations, PERelocations
from rorqual.analyzers.formats.pe.running.tls import CALLBACKS_TOLD, PETLS, PEThreadLocal
from rorqual.engine.guard import Guard
from rorqual.engine.limits import Limits
from rorqual.engine.ranges import Ranges
from rorqual.findings.ledger import Ledger
from rorqual.sdk import Anomaly, Finding, Hit, Kind, Malformed, Probe, RangeDigest, Region, TailDigest, Window
from tests.builders.pe import CODE, Image, Section, build
from tests.builders.pe_parts import (
    AT,
    BASE_32,
    BASE_64,
    debug,
    functions,
    holding,
    load_config,
    relocations,
    rsds,
    tls,
)
from tests.builders.probing import BytesSource, examine, view_of

PARTS: tuple[Probe, ...] = (
    PEThreadLocal(),
    PEDebugDirectory(),
    PELoadConfiguration(),
    PEBaseRelocations(),
    PEExceptionDirectory(),
    PEHeaderChecksum(),
    PEHardening(),
)


def layout_of(data: bytes, offset: int = 0) -> Layout:
    contexts = (one.context for one in examine(PE(), data, offset) if isinstance(one, Region) and one.kind == "pe")
    layout = next(contexts)
    assert isinstance(layout, Layout)
    return layout


def told(probe: Probe, data: bytes, offset: int = 0) -> list[Finding]:
    hit = Hit(view_of(data, offset, fuel=Limits().fuel), Kind("pe"), probe.name, None, layout_of(data, offset))
    return [one for one in probe.examine(hit) if isinstance(one, Finding)]


def body_of(probe: Probe, data: bytes, kind: Any) -> Any:
    return next(one.body for one in told(probe, data) if isinstance(one.body, kind))


def anomalies(probe: Probe, data: bytes) -> set[str]:
    return {one.body.name for one in told(probe, data) if isinstance(one.body, Anomaly)}


@pytest.mark.parametrize("probe", PARTS, ids=lambda probe: probe.name)
def test_a_hit_without_a_layout_is_refused(probe: Probe) -> None:
    with pytest.raises(Malformed):
        list(probe.examine(Hit(view_of(build()), Kind("pe"), probe.name)))


@pytest.mark.parametrize("plus", [True, False])
def test_callbacks_with_their_places(plus: bool) -> None:
    data = build(holding(tls(0x1000, 0x1010, plus=plus), {9: (AT, 40)}, plus=plus))
    body: PETLS = body_of(PEThreadLocal(), data, PETLS)
    assert [tuple(callback) for callback in body.callbacks] == [(0x1000, 0x200, 0), (0x1010, 0x210, 0)]
    assert (body.raw_start, body.raw_end, body.raw_size, body.raw_offset) == (AT + 0x80, AT + 0x90, 16, 0x880)
    assert (body.index, body.zero_fill, body.alignment, body.callback_list) == (AT + 0xF0, 16, 4, AT + 0x100)
    assert anomalies(PEThreadLocal(), data) == set()


def test_callbacks_in_something_bigger_have_places_in_it() -> None:
    lead = b"z" * 999
    found = told(PEThreadLocal(), lead + build(holding(tls(0x1000), {9: (AT, 40)})), len(lead))
    assert isinstance(found[0].body, PETLS)
    assert found[0].offset == 999 + 0x800
    assert found[0].body.callbacks[0].offset == 999 + 0x200


@pytest.mark.parametrize(
    ("callbacks", "reason"),
    [
        ((AT,), "not executable"),
        ((0x90_0000,), "outside all sections"),
        ((0x1000, 0x1008, 0x1000), "callback 2 at RVA 0x1000 is listed before"),
    ],
)
def test_callbacks_that_no_compiler_writes(callbacks: tuple[int, ...], reason: str) -> None:
    data = build(holding(tls(*callbacks), {9: (AT, 40)}))
    odd = [one.body for one in told(PEThreadLocal(), data) if isinstance(one.body, Anomaly)]
    assert [one.name for one in odd] == ["tls_callbacks"]
    assert reason in odd[0].proof
    assert odd[0].mbc == ("B0001.029",)


def test_a_callback_in_a_writable_section() -> None:
    made = holding(tls(0x1000), {9: (AT, 40)})
    made = replace(made, sections=(replace(made.sections[0], flags=CODE | 0x8000_0000), made.sections[1]))
    assert anomalies(PEThreadLocal(), build(made)) == {"tls_callbacks"}


def test_a_list_of_callbacks_is_told_up_to_a_ceiling_and_counted_whole() -> None:
    data = build(holding(tls(*range(0x1000, 0x1000 + 1000)), {9: (AT, 40)}))
    body: PETLS = body_of(PEThreadLocal(), data, PETLS)
    assert (len(body.callbacks), body.callback_count) == (CALLBACKS_TOLD, 1000)
    full = build(holding(tls(*([0x1000] * 480), end=False).ljust(0x1000, b"\x10"), {9: (AT, 40)}))
    assert "tls_callbacks_endless" in anomalies(PEThreadLocal(), full)


def test_code_view_and_symbol_id() -> None:
    data = build(holding(debug((2, rsds(b"C:\\x\xc3\xa9.pdb", age=0xAB)), pointer=0x800), {6: (AT, 28)}))
    body: PEDebug = body_of(PEDebugDirectory(), data, PEDebug)
    assert body.code_view is not None
    assert body.code_view.pdb == "C:\\xé.pdb"
    assert body.code_view.guid == "03020100-0504-0706-0809-0A0B0C0D0E0F"
    assert body.code_view.symbol_id == "030201000504070608090A0B0C0D0E0FAB"
    portable = build(holding(debug((2, rsds(b"a.pdb")), pointer=0x800, minor=0x504D), {6: (AT, 28)}))
    view = body_of(PEDebugDirectory(), portable, PEDebug).code_view
    assert view.symbol_id == "030201000504070608090A0B0C0D0E0FFFFFFFFF"
    assert anomalies(PEDebugDirectory(), data) == set()


@pytest.mark.parametrize(
    ("entries", "anomaly", "stamp"),
    [
        (((2, rsds(b"a\x1b[0m.pdb")),), "pdb_path_unprintable", 0x5F5E_1000),
        (((2, rsds(b"fdp\xe2\x80\xaeexe")),), "pdb_path_unprintable", 0x5F5E_1000),
        (((2, b"NB99" + bytes(20)),), "codeview_unknown", 0x5F5E_1000),
        (((2, rsds(b"a.pdb")),), "debug_timestamps_differ", 0x1234),
    ],
)
def test_debug_lies_are_named(entries: tuple[tuple[int, bytes], ...], anomaly: str, stamp: int) -> None:
    data = build(holding(debug(*entries, pointer=0x800, stamp=stamp), {6: (AT, 28)}))
    assert anomalies(PEDebugDirectory(), data) == {anomaly}


def test_time_stamps_of_a_reproducible_build_are_hashes() -> None:
    entries = ((2, rsds(b"a.pdb")), (16, b""))
    data = build(holding(debug(*entries, pointer=0x800, stamp=0x1234), {6: (AT, 56)}))
    assert anomalies(PEDebugDirectory(), data) == set()


def test_a_debug_entry_past_the_end_or_elsewhere() -> None:
    data = bytearray(build(holding(debug((2, rsds(b"a.pdb")), pointer=0x800), {6: (AT, 28)})))
    struct.pack_into("<I", data, 0x800 + 24, 0x7777_7777)
    assert "debug_entry_past_end" in anomalies(PEDebugDirectory(), bytes(data))
    struct.pack_into("<I", data, 0x800 + 24, 0x820)
    assert "debug_entry_places_differ" in anomalies(PEDebugDirectory(), bytes(data))


def test_load_config_has_the_fields_that_its_size_says() -> None:
    cookie = {88: (8, BASE_64 + AT + 0x180), 112: (8, 0), 144: (4, 0x1000_0500)}
    for size, has_cookie, has_guard in ((0x58, False, False), (0x60, True, False), (0x94, True, True)):
        data = load_config(cookie, 0x94)[:size]
        data = struct.pack("<I", size) + data[4:]
        rest = data.ljust(0x180, b"\xee") + (0x2B99_2DDF_A232).to_bytes(8, "little")
        body: PELoadConfig = body_of(PELoadConfiguration(), build(holding(rest, {10: (AT, 1)})), PELoadConfig)
        assert (body.security_cookie == AT + 0x180, body.guard_extra_bytes is not None) == (has_cookie, has_guard)
        assert body.security_cookie_default == (True if has_cookie else None)
        assert body.guard_flags == (("CF_INSTRUMENTED", "CF_FUNCTION_TABLE_PRESENT") if has_guard else ())


def test_safe_handlers_of_a_32_bit_image() -> None:
    values = {60: (4, BASE_32 + AT + 0x60), 64: (4, BASE_32 + AT + 0x68), 68: (4, 2)}
    image = holding(load_config(values, 0x48).ljust(0x80, b"\1"), {10: (AT, 0x40)}, plus=False)
    body: PELoadConfig = body_of(PELoadConfiguration(), build(image), PELoadConfig)
    assert (body.seh_table, body.seh_count, body.security_cookie_default) == (AT + 0x68, 2, False)
    assert body_of(PEHardening(), build(image), PEMitigations).safe_seh is True
    values[68] = (4, 0x10_0000)
    image = holding(load_config(values, 0x48), {10: (AT, 0x40)}, plus=False)
    assert anomalies(PELoadConfiguration(), build(image)) == {"seh_table_unmapped"}


def test_relocations_are_counted_by_type() -> None:
    chance = random.Random(1)
    blocks = [
        (0x1000 * page, tuple(chance.choice((0xA, 0x3, 0x0)) << 12 | chance.randrange(4096) for _ in range(300)))
        for page in range(1, 900)
    ]
    packed = relocations(*blocks)
    assert len(packed) > 512 << 10  # more than one piece
    data = build(holding(packed, {5: (AT, len(packed))}, image=Image(fields={"SizeOfImage": 0x100_0000})))
    body: PERelocations = body_of(PEBaseRelocations(), data, PERelocations)
    kinds = [entry >> 12 for _, entries in blocks for entry in entries]
    assert {one.type: one.entries for one in body.types} == {
        "ABSOLUTE": kinds.count(0),
        "HIGHLOW": kinds.count(3),
        "DIR64": kinds.count(10),
    }
    assert (body.blocks, body.entries, body.counted) == (899, len(kinds), len(packed))
    assert (body.first_page, body.last_page, body.sorted) == (0x1000, 0x1000 * 899, True)
    assert anomalies(PEBaseRelocations(), data) == set()


def test_relocations_past_the_ceiling_are_measured_only() -> None:
    packed = relocations((0x1000, (0xA000,) * 1020)) * (COUNTED_MAX // 2048 + 300)
    body: PERelocations = body_of(PEBaseRelocations(), build(holding(packed, {5: (AT, len(packed))})), PERelocations)
    assert COUNTED_MAX <= body.counted < body.directory_size == len(packed)


@pytest.mark.parametrize(
    ("packed", "anomaly"),
    [
        (relocations((0x1000, (0xA000,))) + struct.pack("<II", 0x2000, 4), "relocations_broken"),
        (relocations((0x1000, (0xA000,))) + struct.pack("<II", 0x2000, 0x9000), "relocations_broken"),
        (relocations((0x1000, (0xA000,))) + b"\1\2\3", "relocations_broken"),
        (relocations((0x1008, (0xA000,))), "relocation_page_unaligned"),
        (relocations((0x8000_0000, (0xA000,))), "relocation_outside_image"),
        (relocations((0x1000, (0xE000,))), "relocation_type_unknown"),
    ],
)
def test_relocation_lies_are_named(packed: bytes, anomaly: str) -> None:
    assert anomalies(PEBaseRelocations(), build(holding(packed, {5: (AT, len(packed))}))) == {anomaly}


def test_functions_are_counted_with_their_range() -> None:
    packed = functions(*((at, at + 8) for at in range(0x1000, 0x1400, 8))) + bytes(24)
    body: PEExceptions = body_of(PEExceptionDirectory(), build(holding(packed, {3: (AT, len(packed))})), PEExceptions)
    assert (body.functions, body.padding, body.first, body.last, body.sorted) == (128, 2, 0x1000, 0x1400, True)


@pytest.mark.parametrize(
    ("rows", "anomaly"),
    [
        (((0x1100, 0x1200), (0x1000, 0x1100)), "exceptions_unsorted"),
        (((0x1000, 0x1200), (0x1100, 0x1300)), "exceptions_overlap"),
        (((0x1100, 0x1000),), "exceptions_range_inverted"),
        (((0x1000, 0x9000_0000),), "exceptions_outside_image"),
    ],
)
def test_exception_lies_are_named(rows: tuple[tuple[int, int], ...], anomaly: str) -> None:
    packed = functions(*rows)
    assert anomalies(PEExceptionDirectory(), build(holding(packed, {3: (AT, len(packed))}))) == {anomaly}


def reference(data: bytes, field_at: int) -> int:
    """As the format has it: words one by one, the field taken as zero, each carry added back in."""
    data = data[:field_at] + bytes(4) + data[field_at + 4 :]
    total = 0
    for at in range(0, len(data), 2):
        total += int.from_bytes(data[at : at + 2], "little")
        total = (total & 0xFFFF) + (total >> 16)
    return total + len(data)


def checksum_of(data: bytes) -> tuple[PEChecksum, set[str]]:
    found = [one for one in rorqual.scan(data) if one.analyzer == "pe-checksum"]
    body = next(one.body for one in found if isinstance(one.body, PEChecksum))
    return body, {one.body.name for one in found if isinstance(one.body, Anomaly)}


@pytest.mark.parametrize("e_lfanew", [0x80, 0x81, 0x82, 0x83])
@pytest.mark.parametrize("overlay", [b"", b"x", b"xyz" * 333])
def test_the_checksum_is_that_of_the_format(e_lfanew: int, overlay: bytes) -> None:
    for stored in (0, 1, 0xDEAD_BEEF):
        data = build(Image(e_lfanew=e_lfanew, overlay=overlay, fields={"CheckSum": stored}))
        body, odd = checksum_of(data)
        expected = reference(data, e_lfanew + 24 + 64)
        assert (body.stored, body.computed, body.summed) == (stored, expected, len(data))
        assert (body.matches, odd) == ((False, {"checksum_wrong"}) if stored else (None, set()))
    right = build(Image(e_lfanew=e_lfanew, overlay=overlay, fields={"CheckSum": expected}))
    assert checksum_of(right)[0].matches is True


def test_an_embedded_image_is_summed_over_what_it_claims_and_not_blamed() -> None:
    plain = build()
    right = build(Image(fields={"CheckSum": reference(plain, 0x80 + 24 + 64)}))
    body, odd = checksum_of(b"odd" + right + b"tail")
    assert (body.matches, body.summed, odd) == (True, len(plain), set())
    body, odd = checksum_of(b"odd" + build(Image(fields={"CheckSum": 5})))
    assert (body.matches, odd) == (False, set())


def test_the_sum_is_foretold_so_that_no_byte_is_read_twice() -> None:
    data = build(Image(overlay=b"x" * 40_000))
    first = examine_with_layout(PEHeaderChecksum(), data)
    assert [(one.offset, one.fields) for one in first if isinstance(one, TailDigest)] == [(0, ("sum16",))]
    last = list(examine(PEHeaderChecksum(), data, len(data), trigger=Kind("end")))
    assert [(one.ranges, one.fields) for one in last if isinstance(one, RangeDigest)] == [
        (((0, len(data)),), ("sum16",))
    ]
    source, said = BytesSource(data), list[Finding]()
    ranges = Ranges(source, Limits(), Guard(Ledger(), ()), said.append)
    for one in first:
        assert isinstance(one, TailDigest)
        ranges.ask(one, "pe-checksum")
    for at in range(0, len(data), 4096):
        ranges.feed(Window(at, data[at : at + 4096]))
    ranges.end(len(data))
    for one in last:
        assert isinstance(one, RangeDigest)
        ranges.ask(one, "pe-checksum")
    ranges.finish()
    assert [one.body.computed for one in said if isinstance(one.body, PEChecksum)] == [reference(data, 0x80 + 24 + 64)]
    assert source.reads == 0


def examine_with_layout(probe: Probe, data: bytes) -> list[Any]:
    return list(probe.examine(Hit(view_of(data), Kind("pe"), probe.name, None, layout_of(data))))


def test_mitigations_of_a_hardened_and_a_bare_image() -> None:
    values = {88: (8, BASE_64 + AT), 144: (4, 0x100)}
    config = load_config(values, 0x94)
    rows = debug((20, struct.pack("<I", 1)), pointer=0x800 + 0x94)
    rows = rows[:20] + struct.pack("<II", AT + 0x94 + 28, 0x894 + 28) + rows[28:]
    made = holding(config + rows, {10: (AT, 0x94), 6: (AT + 0x94, 28)})
    hard: PEMitigations = body_of(
        PEHardening(), build(replace(made, fields={"DllCharacteristics": 0x4160})), PEMitigations
    )
    assert (hard.aslr, hard.high_entropy_aslr, hard.dep, hard.cfg, hard.stack_cookie) == (True,) * 5
    assert (hard.cet_shadow_stack, hard.safe_seh, hard.signed) == (True, None, False)
    bare: PEMitigations = body_of(PEHardening(), build(Image(fields={"DllCharacteristics": 0})), PEMitigations)
    assert not any((bare.aslr, bare.dep, bare.cfg, bare.stack_cookie, bare.safe_seh, bare.cet_shadow_stack))
    assert bare.high_entropy_aslr is None
    assert body_of(PEHardening(), build(Image(certificate=b"c" * 40)), PEMitigations).signed


def test_moved_about_without_relocations() -> None:
    data = build(Image(fields={"Characteristics": 0x103, "DllCharacteristics": 0x40}))
    assert anomalies(PEHardening(), data) == {"dynamic_base_without_relocations"}
    assert not body_of(PEHardening(), data, PEMitigations).aslr


BASES = (
    build(holding(tls(0x1000, 0x1010), {9: (AT, 40)})),
    build(holding(debug((2, rsds(b"a.pdb")), (13, b"\0" * 40), (16, b"\4\0\0\0abcd"), pointer=0x800), {6: (AT, 84)})),
    build(holding(load_config({88: (8, BASE_64 + AT)}, 0x140), {10: (AT, 0x140)})),
    build(holding(relocations((0x1000, (0xA000,) * 30), (0x2000, (0xA001,))), {5: (AT, 82)}, plus=False)),
    build(holding(functions((0x1000, 0x1010), (0x1010, 0x1020)), {3: (AT, 24)})),
)


def mutants(count: int) -> Iterable[bytes]:
    chance = random.Random(7)
    for number in range(count):
        data = bytearray(BASES[number % len(BASES)])
        for _ in range(chance.randint(1, 6)):
            at = chance.choice((chance.randrange(0x80, 0x200), chance.randrange(0x800, 0x940)))
            data[at : at + 4] = chance.choice((0, 0xFFFF_FFFF, 0x7FFF_FFFF, chance.randrange(1 << 32))).to_bytes(
                4, "little"
            )
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)) :]
        yield bytes(data)


def test_mutants_fault_in_no_way_but_the_agreed() -> None:
    for data in mutants(600):
        source = BytesSource(data)
        try:
            layout = layout_of(data)
        except (Malformed, StopIteration):
            continue
        for probe in PARTS:
            hit = Hit(view_of(source, fuel=Limits().fuel), Kind("pe"), probe.name, None, layout)
            try:
                for one in probe.examine(hit):
                    if isinstance(one, Finding):
                        assert 0 <= one.offset <= one.offset + one.size <= len(data)
                        assert one.id
            except Malformed:
                continue
        assert source.reads < 4000


def test_a_section_table_of_one_row_is_enough() -> None:
    data = build(Image(sections=(Section(b".text", b"\xc3", CODE),)))
    assert anomalies(PEHardening(), data) == set()
