"""Hostile inputs and broken analyzers: bounded, told, and nobody else's findings lost."""

import gzip
import hashlib
import io
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

import rorqual
from rorqual.engine.plan import installed
from rorqual.sdk import Anchor, Codec, Extent, Finding, Hit, Kind, RangeDigest, Region, Said, TailDigest, View
from tests.cases import body

MIB = 1 << 20
HOUSE = Path(rorqual.__file__).parent


@dataclass(frozen=True, slots=True)
class Claim:
    tag: ClassVar[str] = "claim_in_tests"
    entropy: float | None = None
    text: str = ""


def local_body() -> Any:
    @dataclass(frozen=True)
    class Hidden:
        tag: ClassVar[str] = "hidden_in_tests"

    return Hidden()


def bgzf(size: int) -> bytes:
    """Many small members in a row, as genome tools write them (SAM specification, 4.1)."""
    text = os.urandom(size // 2).hex().encode()
    return b"".join(gzip.compress(text[at : at + 9000], 1, mtime=0) for at in range(0, len(text), 9000))


def test_members_in_a_row_are_one_stream_and_complete() -> None:
    data = bgzf(2 * MIB)
    report = rorqual.scan(data)
    assert report.complete
    assert [child.size for child in report.children] == [2 * MIB]
    assert sum(1 for _ in report.findings("gzip_member")) == -(-2 * MIB // 9000)


def test_streams_in_streams_do_not_run_out_of_descriptors() -> None:
    script = """
import gzip, resource, rorqual
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
member = lambda number: gzip.compress(b"-" + gzip.compress(b"%d" % number, mtime=0), mtime=0)
report = rorqual.scan(b"-".join(member(number) for number in range(150)), workers=2)
print(report.complete, len(report.children), len(report.faults))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "599", "0"]  # each member, carved unless it comes first, and what it holds


def test_many_headers_on_one_bomb_take_bounded_time() -> None:
    bomb = gzip.compress(bytes(300 * MIB), 9, mtime=0)[10:]
    # Each header is followed by a stored block that spans the headers after it, so that all of them decode the bomb.
    data = bomb
    for _ in range(20):
        header = b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + b"\0"
        data = header + (0).to_bytes(2, "little") + (0xFFFF).to_bytes(2, "little") + data
    began = time.perf_counter()
    report = rorqual.scan(data, limits=rorqual.Limits(free_output=8 * MIB))
    assert time.perf_counter() - began < 60
    assert not report.complete
    assert {finding.to_dict()["limit_reached"]["limit"] for finding in report.findings("limit_reached")} == {"ratio"}  # type: ignore[index,call-overload]  # a dict


def test_too_many_children_are_told() -> None:
    data = b"-".join(gzip.compress(b"%d" % number, mtime=0) for number in range(30))
    report = rorqual.scan(data, limits=rorqual.Limits(children=10))
    assert len(report.children) == 10
    assert not report.complete
    assert any(report.findings("limit_reached"))


def test_too_deep_is_told() -> None:
    data = b"at the bottom"
    for _ in range(6):
        data = gzip.compress(b"not stored, not stored, not stored" + data, mtime=0)
    report = rorqual.scan(data, limits=rorqual.Limits(depth=4))
    assert max(len(child.place) for child in report.children) == 4
    assert not report.complete
    # At the first of six levels the member fills the source, at the others it is carved first.
    assert max(len(child.place) for child in rorqual.scan(data).children) == 11
    assert rorqual.scan(data).complete


@pytest.mark.parametrize("kind", ["pe/signed_installer", "gzip/nested"])
def test_past_the_spools_ceiling_a_report_is_still_one(kind: str) -> None:
    from tests.cases import cases  # noqa: PLC0415 - builds the corpus

    (case,) = [case for case in cases() if str(case) == kind]
    data = case.data() * 3
    limits = rorqual.Limits(spool=len(data) // 2)
    reports = []
    for chunk, workers in ((8 * MIB, 1), (1000, 1), (333, 3), (len(data) // 2, 2)):
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(read)
            with open(write, "wb") as pipe:
                pipe.write(data)
            os._exit(0)
        os.close(write)
        with open(read, "rb") as pipe:
            reports.append(body(rorqual.scan(pipe, chunk_size=chunk, workers=workers, limits=limits)))
        os.wait()
    assert all(report == reports[0] for report in reports)
    assert reports[0]["source"]["size"] == len(data)
    assert not reports[0]["complete"]
    assert {fault["reason"] for fault in reports[0]["faults"]} == {"limit"}


def test_a_ratio_is_that_of_the_bytes_not_of_the_reads() -> None:
    member = gzip.compress(bytes(MIB), mtime=0)
    limits = rorqual.Limits(free_output=MIB, ratio=200)
    for data in (member * 64, gzip.compress(bytes(64 * MIB), mtime=0)):
        report = rorqual.scan(data, limits=limits)
        assert not report.complete
        assert sum(child.size for child in report.children) < 20 * MIB


def test_many_small_claims_take_time_and_memory_in_proportion() -> None:
    script = """
import gzip, sys, time, rorqual
data = (gzip.compress(b"", mtime=0) + b"." * 2040) * int(sys.argv[1])
began = time.process_time()
report = rorqual.scan(data, limits=rorqual.Limits(children=10))
took = time.process_time() - began
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(took, peak - len(data) // 1024, report.complete)
"""

    def run(count: int) -> tuple[float, int, str]:
        command = [sys.executable, "-c", script, str(count)]
        took, peak, complete = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return float(took), int(peak), complete

    few, many = run(6_000), run(18_000)
    assert few[2] == many[2] == "False"
    assert many[1] < few[1] + 14 * 1024  # KiB: journal and ledger are bounded; unbounded ones took 24 MiB more
    assert many[0] < 6 * few[0] + 1  # three times the data; quadratic would be nine times


def test_a_chain_of_members_is_decoded_once() -> None:
    data = gzip.compress(b"x", mtime=0) * 120_000
    began = time.perf_counter()
    report = rorqual.scan(data)
    assert time.perf_counter() - began < 40
    assert report.children[0].size == 120_000 and len(report.children) < 8  # beyond the ration members are not met


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="there is no /proc")
def test_what_says_it_is_empty_and_is_not() -> None:
    report = rorqual.scan("/proc/self/status")
    assert report.source.size > 100
    assert report.complete


def test_a_stream_is_read_through_itself_not_through_its_descriptor(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"inside" * 100))
    with gzip.open(path) as stream:
        assert rorqual.scan(stream).source.size == 600  # type: ignore[arg-type]  # a binary stream in all but name
    read, write = os.pipe()
    os.write(write, b"0123456789")
    os.close(write)
    with open(read, "rb") as pipe:
        pipe.read(3)
        assert rorqual.scan(pipe).source.size == 7


def test_what_was_read_before_an_error_is_kept() -> None:
    class Breaks(io.RawIOBase):
        left = b"1234567" * 3

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            if not self.left:
                raise OSError(5, "Input/output error")
            data, self.left = self.left[: min(size, 7)], self.left[min(size, 7) :]
            return data

    for chunk in (1, 10, MIB):
        report = rorqual.scan(Breaks(), chunk_size=chunk)  # type: ignore[arg-type]  # a binary stream in all but name
        assert report.source.size == 21
        assert {(fault.offset, fault.reason) for fault in report.faults} == {(21, "unreadable")}
        assert not report.complete


def test_a_spool_that_cannot_be_written_loses_no_byte_of_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    from rorqual.sources import spill  # noqa: PLC0415 - its cache is cleared here

    monkeypatch.setenv("RORQUAL_SPOOL", "/nonexistent")
    spill.folder.cache_clear()
    report = rorqual.scan(io.BytesIO(b"hi there"))
    spill.folder.cache_clear()
    assert report.source.size == 8
    assert not report.complete
    assert {fault.reason for fault in report.faults} == {"machine"}


class Greedy:
    """A probe whose prefilter reads more than it may."""

    name = "greedy"
    version = 1
    wakes_on = (Anchor(b"MZ"),)

    def score(self, view: View, /) -> int:
        return len(view.read(0, 5000))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        return iter(())


def test_a_prefilter_that_reads_too_much_is_told() -> None:
    greedy: Any = Greedy()
    report = rorqual.scan(b"MZ" + bytes(9000), analyzers=[greedy])
    assert not report.complete


class Strange:
    """A fold or judge that says one thing at the end."""

    version = 1
    sequential = True
    reads: ClassVar[frozenset[type]] = frozenset()
    says: ClassVar[frozenset[type]] = frozenset()

    def __init__(self, name: str, said: Any, *, breaks: bool = False) -> None:
        self.name = name
        self._said = said
        self._breaks = breaks


class StrangeFold(Strange):
    def fresh(self) -> "StrangeFold":
        if self._breaks:
            raise RuntimeError("made to fail")
        return self

    def feed(self, window: Any, /) -> None: ...

    def merge(self, later: Any, /) -> None: ...

    def drain(self, place: Any, /) -> Iterator[Any]:
        return iter(())

    def finish(self, place: Any, /) -> Iterator[Any]:
        yield self._said


class StrangeJudge(Strange):
    def weigh(self, findings: Any, place: Any, /) -> Iterator[Any]:
        yield self._said


@pytest.mark.parametrize("kind", [StrangeFold, StrangeJudge])
@pytest.mark.parametrize(
    "said",
    [
        "words",
        Finding((), -1, 0, "strange", Claim()),
        Finding(((5, "x"),), 0, 0, "strange", Claim()),
        Finding((), 0, 0, "strange", Claim(float("nan"))),
        Finding((), 0, 0, "strange", local_body()),
    ],
    ids=["words", "before", "elsewhere", "nan", "local"],
)
def test_what_folds_and_judges_may_not_say(kind: Any, said: Any) -> None:
    report = body(rorqual.scan(b"some data", analyzers=[*installed(), kind("strange", said)]))
    usual = body(rorqual.scan(b"some data"))
    assert report["findings"] == usual["findings"]
    assert [(fault["analyzer"], fault["reason"]) for fault in report["faults"]] == [("strange", "fault")]


def test_a_fold_that_cannot_begin() -> None:
    fold: Any = StrangeFold("strange", None, breaks=True)
    report = body(rorqual.scan(b"some data", analyzers=[*installed(), fold]))
    assert report["findings"] == body(rorqual.scan(b"some data"))["findings"]
    assert [fault["analyzer"] for fault in report["faults"]] == ["strange"]
    assert not report["complete"]


class Liar:
    """A probe that says one thing at each "MZ"."""

    version = 1
    wakes_on = (Anchor(b"MZ"),)

    def __init__(self, name: str, said: Any) -> None:
        self.name = name
        self._said = said

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        said = self._said(hit)
        yield said


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("before the source", lambda hit: hit.finding(-10, 5, Claim())),
        ("of negative size", lambda hit: hit.finding(0, -5, Claim())),
        ("extent before the source", lambda hit: Extent(-9, 5, "x", "none")),
        ("region before the source", lambda hit: Region(-9, 5, "x")),
        ("a kind it does not announce", lambda hit: Region(0, 5, "pe")),
        ("negative range", lambda hit: RangeDigest(hit.finding(0, 1, Claim()), ((-1, 5),), ("entropy",))),
        ("a field the body has not", lambda hit: RangeDigest(hit.finding(0, 1, Claim()), ((0, 5),), ("sha256",))),
        ("no format", lambda hit: Extent(0, 5, None, "none")),  # type: ignore[arg-type]  # so it is
        ("unknown measure", lambda hit: RangeDigest(hit.finding(0, 1, Claim()), ((0, 5),), ("md4",))),
        ("negative tail", lambda hit: TailDigest(-1, ("entropy",))),
        ("nothing known", lambda hit: "words"),
        ("a body that no other process could read", lambda hit: hit.finding(0, 1, local_body())),
        ("a body without a JSON form", lambda hit: hit.finding(0, 1, Claim(object()))),  # type: ignore[arg-type]  # so it is
    ],
)
def test_what_a_probe_may_not_say_is_its_fault_alone(what: str, said: Any) -> None:
    data = b"....MZ" + gzip.compress(b"else", mtime=0)
    liar: Any = Liar("liar", said)
    report = body(rorqual.scan(data, analyzers=[*installed(), liar]))
    usual = body(rorqual.scan(data))
    assert [finding for finding in report["findings"] if finding["analyzer"] != "liar"] == usual["findings"]
    assert [(fault["analyzer"], fault["reason"]) for fault in report["faults"]] == [("liar", "fault")], what
    assert not report["complete"]


class Echo:
    """A probe that wakes itself for ever, ten times each time."""

    name = "echo"
    version = 1
    announces = ("echo",)
    wakes_on = (Kind("start"), Kind("echo"))

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        hit.view.read(0, 1000)
        for _ in range(10):
            yield Region(0, 1, "echo")


class Announcer:
    """Wakes the two below at the start, and hands on what it knows."""

    name = "announcer"
    version = 1
    announces = ("woken",)
    wakes_on = (Kind("start"),)

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        yield Region(100, 50, "woken", context=("what", "it knows"))


class Follower:
    """Says what it was handed, once it has read `hunger` bytes."""

    version = 1
    wakes_on = (Kind("woken"),)

    def __init__(self, name: str, hunger: int) -> None:
        self.name = name
        self._hunger = hunger

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        for _ in range(self._hunger // 1000):
            hit.view.read(0, 1000)
        yield hit.finding(0, hit.size or 0, Claim(None, "/".join(map(str, hit.context))))  # type: ignore[call-overload]  # a tuple


def test_what_is_woken_knows_what_its_announcer_does_and_has_fuel_of_its_own() -> None:
    followers: list[Any] = [Announcer(), Follower("a-glutton", 10**9), Follower("b-modest", 1000)]
    report = rorqual.scan(bytes(2000), analyzers=followers, limits=rorqual.Limits(fuel=100_000))
    said = [(one.analyzer, one.offset, one.size, one.body) for one in report.findings("claim_in_tests")]
    assert said == [("b-modest", 100, 50, Claim(None, "what/it knows"))]
    assert [one.analyzer for one in report.findings("limit_reached")] == ["a-glutton"]


class Slicer:
    """Parts of the source as children: the first byte says how many, the next say from where; none ends."""

    name = "slicer"
    version = 1
    wakes_on = (Kind("start"),)

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        for at in hit.view.exact(1, hit.view.exact(0, 1)[0]):
            yield Region(at, 1 << 20, "slice", through=Codec("slice", None))


def test_parts_of_a_source_are_children_and_nothing_is_copied() -> None:
    inner = b"\x01\x03" + gzip.compress(b"at the bottom", mtime=0)
    data = b"\x02\x05\x07...." + inner
    parts: list[Any] = [*installed(), Slicer()]
    for chunk, workers in ((1, 1), (7, 3), (1 << 20, 2)):
        report = rorqual.scan(data, analyzers=parts, chunk_size=chunk, workers=workers)
        assert report.complete
        found = {child.place: child for child in report.children}
        assert found[(7, "slice"),].size == len(inner)
        digests = {digest.algorithm: digest.value for digest in found[(7, "slice"),].digests}
        assert digests["sha256"] == hashlib.sha256(inner).hexdigest()
        assert ((7, "slice"), (2, "gzip")) in found
        assert found[(5, "slice"),].size == len(inner) + 2
    packed = gzip.compress(data, mtime=0)
    below = rorqual.scan(packed, analyzers=parts)
    assert ((0, "gzip"), (7, "slice"), (2, "gzip")) in {child.place for child in below.children}


class Twice:
    """Two parts that begin at one offset, the smaller told first and one of them twice."""

    name = "twice"
    version = 1
    wakes_on = (Kind("start"),)

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        hit.view.exact(0, 3000)
        for size in (100, 2000, 100):
            yield Region(10, size, "part", through=Codec("part", None))


def test_a_small_part_does_not_hide_a_large_one_at_its_place() -> None:
    parts: list[Any] = [*installed(), Twice()]
    report = rorqual.scan(os.urandom(3000), analyzers=parts)
    assert [(child.place, child.size) for child in report.children] == [
        (((10, "part"),), 2000),
        (((10, "part-0x64"),), 100),
    ]
    assert report.complete


def test_a_part_that_is_refused_leaves_its_allowance_to_others() -> None:
    data = b"\x04\x01\x01\x01\x01" + bytes(60_000) + os.urandom(50_000)
    report = rorqual.scan(data, analyzers=[*installed(), Sized()], limits=rorqual.Limits(overlap=1))
    assert sorted(child.size for child in report.children) == [1000, 100_000]
    assert not report.complete


class Sized:
    """Parts of which the second is too large for what is allowed, the third is not."""

    name = "sized"
    version = 1
    wakes_on = (Kind("start"),)

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        hit.view.exact(0, 101_000)
        for at, size in ((1, 100_000), (2, 90_000), (70_000, 1000)):
            yield Region(at, size, "part", through=Codec("part", None))


def test_overlapping_parts_are_bounded() -> None:
    data = b"\x60" + bytes(range(0x60)) + os.urandom(50_000)
    parts: list[Any] = [*installed(), Slicer()]
    report = rorqual.scan(data, analyzers=parts, limits=rorqual.Limits(overlap=5))
    assert sum(child.size for child in report.children) <= 5 * len(data)
    assert not report.complete
    assert {one.body.limit for one in report.findings("limit_reached")} == {"overlap"}  # type: ignore[attr-defined]  # of these


def test_regions_that_multiply_live_on_one_fuel() -> None:
    echo: Any = Echo()
    began = time.perf_counter()
    report = rorqual.scan(bytes(2000), analyzers=[echo], limits=rorqual.Limits(fuel=100_000))
    assert time.perf_counter() - began < 10
    assert not report.complete


def test_streams_and_buffers_of_all_kinds() -> None:
    data = b"MZ" + bytes(5000)
    usual = body(rorqual.scan(data))
    assert body(rorqual.scan(bytearray(data))) == usual
    assert body(rorqual.scan(memoryview(data))) == usual
    assert body(rorqual.scan(io.BytesIO(data))) == usual


def test_a_file_that_does_not_stand_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    with path.open("rb") as file:
        file.read(4)
        assert rorqual.scan(file).source.size == 6
    with path.open("rb") as file:
        assert rorqual.scan(file).source.size == 10


def test_every_data_file_is_packaged() -> None:
    project = tomllib.loads((HOUSE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["rorqual"]
    packaged = {path for pattern in patterns for path in HOUSE.glob(pattern)}
    data = {
        path
        for path in HOUSE.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc", ".so", ".pyi", ".pyd")
    }
    assert data - packaged == set()
