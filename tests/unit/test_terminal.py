"""The report for people, on built reports: what stands where, how wide, what never reaches the terminal."""

import io
import re
import tracemalloc
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import BinaryIO, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rorqual.analyzers.bloat.bodies import Core, Filler, Kept
from rorqual.analyzers.folds.entropy import EntropyMap, PaddingRun
from rorqual.findings.bodies import Anomaly, Digest, FileType, Verdict
from rorqual.findings.journal import Journal
from rorqual.findings.ledger import Coverage, Fault, Reason, State
from rorqual.findings.record import Body, Finding, Place
from rorqual.findings.report import Child, PlanInfo, Report, RunInfo, SourceInfo
from rorqual.render.terminal.progress import Progress
from rorqual.render.terminal.report import render
from rorqual.render.terminal.values import exact_size, safe, share_text, size_text, time_text

HOSTILE = "\x1b]0;owned\x07\x1b[2J\r\n\u202ekcap\u200b\udcff\x9b31m"
SIZE = 1 << 20
RUN = RunInfo(
    seconds=2.5,
    bytes_per_second=4e8,
    peak_memory=70 << 20,
    workers=2,
    chunk_size=8 << 20,
    memory=96 << 20,
    matcher="hyperscan",
    kernels="native",
    host="here",
    python="3.11",
    started="2025-01-01T00:00:00+00:00",
)
PE = FileType("pe", "application/vnd.microsoft.portable-executable", "dll", "PE32+ library", 0.99)


@dataclass(frozen=True, slots=True)
class Oddity:
    tag: ClassVar[str] = "oddity_in_tests"
    name: str
    count: int = 0
    absent: str | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A pe_section of another version of the analyzer: most fields are not there, one is of another type."""

    tag: ClassVar[str] = "pe_section"
    name: str
    index: int
    present: str = "many"


@dataclass(frozen=True, slots=True)
class Image:
    tag: ClassVar[str] = "pe_image"
    machine: str = "AMD64"


def unspilled() -> BinaryIO:
    raise AssertionError("nothing was to be spilled")


def said(body: Body, offset: int = 0, size: int = SIZE, place: Place = ()) -> Finding:
    return Finding(place, offset, size, "tester", body)


def seen(analyzer: str = "tester", place: Place = ()) -> Coverage:
    return Coverage(place, analyzer, State.SEEN, "", ((0, SIZE),))


def report(findings: Iterable[Finding] = (), **fields: object) -> Report:
    journal = Journal(1 << 30, unspilled)
    for finding in findings:
        journal.append(finding)
    whole = Report(
        source=SourceInfo("a.dll", SIZE),
        plan=PlanInfo("0" * 32, "0", ("tester/1",), ()),
        type=PE,
        digests=(Digest("md5", "0" * 32), Digest("sha256", "1" * 64)),
        verdicts=(),
        coverage=(seen(),),
        complete=True,
        faults=(),
        children=(),
        run=RUN,
        journal=journal,
    )
    return replace(whole, **fields)  # type: ignore[arg-type]  # the fields are as named where it is called


def drawn(told: Report, *, width: int = 80, color: bool | None = None, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, newline="")
    render(told, out, color=color, width=width)
    out.flush()
    return raw.getvalue().decode(encoding)


def entropy_map(entropies: list[float], classes: str) -> EntropyMap:
    bins = tuple(entropies)
    return EntropyMap(SIZE // len(bins), 6.5, 300.0, 127.0, 0.4, 0.005, bins, bins, bins, bins, bins, classes)


def verdict(kind: str = "packed", summary: str = "UPX 3.96") -> Finding:
    return said(Verdict(kind, 0.85, summary, ("0123456789abcdef",) * 6, ("T1027.002",)))


def test_the_first_ten_lines_say_what_it_is_how_big_how_sure_and_what_of_it() -> None:
    missed = Coverage((), "pe", State.MISSED, "limit", ((0x400, 3 << 20), (0x800000, 16)))
    unread = Coverage((), "zip", State.MISSED, "unreadable", ((0x400, 1),))
    told = report(coverage=(seen(), missed, unread), complete=False, verdicts=(verdict(),) * 5)
    lines = drawn(told).splitlines()
    assert lines[:10] == [
        "a.dll",
        "  type        PE32+ library",
        "              application/vnd.microsoft.portable-executable · 99 % sure",
        "  size        1.00 MiB (1,048,576 bytes)",
        "  INCOMPLETE  pe missed 3.00 MiB (limit) at 0x400 + 3.00 MiB, 0x800000 + 16 byt…",
        "              and 1 more, see Coverage",
        "  verdict     packed 85 % sure T1027.002: UPX 3.96",
        "              packed 85 % sure T1027.002: UPX 3.96",
        "              packed 85 % sure T1027.002: UPX 3.96",
        "              and 2 more below",
    ]


def test_the_last_line_tells_the_cost() -> None:
    last = drawn(report()).splitlines()[-1]
    assert last == "  2.5 s · 381 MiB/s · peak 70.0 MiB · 2 workers · hyperscan, native kernels"


def test_what_is_missing_is_told() -> None:
    assert "missing hyperscan: not installed" in drawn(report(run=replace(RUN, missing=("hyperscan: not installed",))))


def test_the_strip_spans_the_page_with_classes_axis_and_legend() -> None:
    told = report([said(entropy_map([0.0, 8.0], "0r"))])
    lines = drawn(told).splitlines()
    at = lines.index("Entropy  6.50 bits per byte · 40 % printable · < 1 % zero")
    assert lines[at + 1] == "  " + "▁" * 38 + "█" * 38
    assert lines[at + 2] == "  " + "0" * 38 + "r" * 38
    assert lines[at + 3].split() == ["0x0", "0x80000", "0x100000"]
    assert cell_len(lines[at + 3]) == 78
    assert lines[at + 4] == "  0 zero 50 %  r random 50 %"


def test_every_bin_is_somewhere_in_the_strip() -> None:
    entropies = [1.0] * 1000
    entropies[617] = 7.99
    assert "█" in drawn(report([said(entropy_map(entropies, "." * 1000))]))


def test_an_output_without_unicode_gets_ascii() -> None:
    text = drawn(report([said(entropy_map([0.0, 8.0], "0r"))], source=SourceInfo("größe", SIZE)), encoding="ascii")
    assert "_" * 38 + "#" * 38 in text
    assert text.startswith(r"gr\xf6\xdfe")


def test_padding_gives_the_count_and_the_largest() -> None:
    runs = [said(PaddingRun(1, "00"), at, size) for at, size in ((0, 100), (200, 50_000), (90_000, 70), (99_000, 80))]
    text = drawn(report([*runs, said(PaddingRun(1, "ff"), 10, 60), said(PaddingRun(1, "00"), 0, 9, ((0, "gzip"),))]))
    assert "Padding  5 runs · 49.1 KiB · 5 % of the file" in text
    assert re.search(r"0xc8 +48\.8 KiB +1 +00\n +0x0 +100 bytes", text)
    assert "and 1 smaller" in text


def test_little_padding_takes_one_line() -> None:
    text = drawn(report([said(PaddingRun(1, "00"), 0x200, 5000)]))
    assert "Padding  1 run · 4.88 KiB · < 1 % of the file" in text
    assert "0x200" not in text


def test_filler_and_core_take_the_place_of_runs() -> None:
    core = Core(4096, SIZE - 4096, (Kept(0, 4096),), (), (Kept(SIZE - 9, 9, "zip"),), 0, "a" * 32, "b" * 40, "c" * 64)
    filler = Filler("block", "section", 3, 70_000, "00ff" * 8, exact=False)
    text = drawn(report([said(core), said(PaddingRun(1, "00"), 10, 600_000), said(filler, 0x1000, SIZE // 2)]))
    assert "Padding  1 stretch · 512 KiB · 50 % of the file" in text
    assert re.search(r"0x1000 +about 512 KiB +block +section 3 +70,000 +00ff00ff00ff00ff…", text)
    assert "  core        4.00 KiB (4,096 bytes) without the filler\n" in text
    assert f"  core sha256 {'c' * 64}" in text
    assert "  beside it   zip, 9 bytes" in text


def test_other_kinds_show_the_first_and_the_count() -> None:
    place = ((0, "gzip"),)
    findings = [said(Oddity(f"number {index}", index, members=("a", "b")), index, 1) for index in range(7)]
    text = drawn(report([*findings, said(Oddity("deep"), 5, 1, place)]))
    assert "oddity_in_tests  8, 1 of them inside" in text
    assert "0x1 + 1 byte  name number 1  count 1  members a, b" in text
    assert "number 3" not in text


def test_children_and_what_they_repeat() -> None:
    place: Place = ((0x3E8, "gzip"),)
    children = (Child(place, 5000, PE, ()), Child(((0x4000, "gzip"),), 5000, PE, (), same_as=place))
    text = drawn(report(children=children))
    assert "Inside  2 streams" in text
    assert re.search(r"/0x4000/gzip +4\.88 KiB  PE32\+ library · same as /0x3e8/gzip", text)


def test_faults_and_coverage_name_place_and_reason() -> None:
    place: Place = tuple((offset, "gzip") for offset in range(9))
    fault = Fault(place, 0x10, "pe", Reason.FAULT, "ValueError: section 3")
    opaque = Coverage((), "zip", State.OPAQUE, "encrypted", ((0, 100),))
    sampled = Coverage((), "stego", State.SAMPLED, "large", ((0, 100),), share=0.25)
    text = drawn(report(coverage=(seen(), opaque, sampled), faults=(fault,)))
    assert "pe /0x0/gzip/…/0x8/gzip at 0x10, fault: ValueError: section 3" in text
    assert "1 analyzer saw every byte" in text
    assert "zip opaque 100 bytes (encrypted) at 0x0" in text
    assert "stego sampled 25 % of 100 bytes (large) at 0x0" in text


def test_bodies_of_other_versions_are_read_as_far_as_they_go() -> None:
    text = drawn(report([said(Image()), said(Section(".text", 0), 0x400, 16), said(Anomaly("no_stub", "e_lfanew 4"))]))
    assert re.search(r"\.text +none +0 bytes", text)
    assert "odd         no_stub: e_lfanew 4" in text


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("color", [False, True])
def test_nothing_of_the_file_commands_the_terminal_nor_leaves_the_page(width: int, color: bool) -> None:
    place: Place = ((1, HOSTILE),)
    told = report(
        [
            *(said(body) for body in (Image(HOSTILE), Section(HOSTILE, 0), Anomaly(HOSTILE, HOSTILE * 40))),
            said(entropy_map([1.0, 2.0], "\x1b\u202e")),
            said(PaddingRun(1, HOSTILE), 0, 99),
            said(Oddity(HOSTILE * 9, members=(HOSTILE,) * 9), place=place),
        ],
        source=SourceInfo(HOSTILE * 9, SIZE),
        type=replace(PE, description=HOSTILE * 9, mime=HOSTILE, encoding=HOSTILE),
        digests=(Digest(HOSTILE, HOSTILE * 9),),
        verdicts=(verdict(HOSTILE, HOSTILE * 9),),
        coverage=(Coverage(place, HOSTILE, State.MISSED, HOSTILE * 9, ((0, 1),)),),
        faults=(Fault(place, 0, HOSTILE, Reason.FAULT, HOSTILE * 99),),
        children=(Child(place, 1, PE, (), same_as=place),),
        run=replace(RUN, missing=(HOSTILE * 9,)),
        complete=False,
    )
    text = re.sub(r"\x1b\[[0-9;]*m", "", drawn(told, width=width, color=color))
    assert all(line.isprintable() and cell_len(line) <= width for line in text.split("\n"))


@given(st.text(st.characters(exclude_categories=[]), max_size=40))
def test_what_is_safe_is_visible_and_on_one_line(text: str) -> None:
    assert safe(text).isprintable()


@given(st.text(max_size=200), st.integers(20, 130))
def test_no_name_is_too_long_for_the_page(name: str, width: int) -> None:
    lines = drawn(report(source=SourceInfo(name, 1)), width=width).split("\n")
    assert max(map(cell_len, lines)) <= max(40, width)


def test_colour_only_where_asked() -> None:
    assert "\x1b[" not in drawn(report(verdicts=(verdict(),)))
    assert "\x1b[" in drawn(report(verdicts=(verdict(),)), color=True)


def test_memory_does_not_grow_with_the_findings() -> None:
    def peak(number: int) -> int:
        told = report(said(Oddity("some name", index), index, 1) for index in range(number))
        assert sum(1 for _ in told) == number  # the journal has sorted
        tracemalloc.start()
        drawn(told)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(20_000) < peak(100) + 100_000


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "0.98 KiB (1,000 bytes)"),
        (1024, "1.00 KiB (1,024 bytes)"),
        (1023 * 1024, "1.00 MiB (1,047,552 bytes)"),
        (10**12, "931 GiB (1,000,000,000,000 bytes)"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert exact_size(size) == text


@given(st.integers(0, 1 << 70))
def test_sizes_are_short(size: int) -> None:
    assert len(size_text(size)) <= 9 or size >= 1000 << 60


def test_times_and_shares() -> None:
    assert [time_text(one) for one in (0.123, 1.26, 59.4, 59.9, 3599.9)] == [
        "0.12 s",
        "1.3 s",
        "59 s",
        "1:00",
        "1:00:00",
    ]
    assert [share_text(one) for one in (0, 1e-9, 0.5, 0.9999, 1)] == ["0 %", "< 1 %", "50 %", "99 %", "100 %"]


class Terminal(io.StringIO):
    def fileno(self) -> int:
        raise OSError("not one that has a size")


def test_progress_waits_a_second_then_draws_ten_times_a_second_and_erases() -> None:
    now = 0.0
    out = Terminal()
    progress = Progress(out, "a\x1b.bin", clock=lambda: now)
    for step in range(400):  # 100 calls a second
        now = step / 100
        progress(step * 10_000, 8_000_000)
        if now < 1:
            assert out.getvalue() == ""
    assert out.getvalue().count("\r") in range(29, 32)
    progress.erase()
    *_, last, blank, rest = out.getvalue().split("\r")
    assert last.rstrip() == r"49 %  3.73 MiB of 7.63 MiB  977 KiB/s  4.1 s left  a\x1b.bin"
    assert not blank.strip()
    assert len(blank) >= len(last)
    assert rest == ""


def test_progress_of_a_pipe_and_of_what_decodes() -> None:
    progress = Progress(Terminal(), "-", clock=lambda: 0.0)
    assert progress.line(5 << 20, None, 2.0) == "5.00 MiB  2.50 MiB/s  -"
    assert progress.line(5 << 20, 2 << 20, 2.0) == "2.00 MiB read, 3.00 MiB decoded  2.50 MiB/s  -"


def test_progress_is_no_wider_than_the_terminal() -> None:
    now = 5.0
    out = Terminal()
    progress = Progress(out, "名" * 100, clock=lambda: now)
    now = 7.0
    progress(1, 2)
    assert cell_len(out.getvalue().lstrip("\r")) < 80
