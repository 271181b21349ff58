"""Range digests: riding the sweep or reading again gives the same, and the allowance is dealt by the order of asking."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from math import log2
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rorqual.engine.guard import Guard
from rorqual.engine.limits import LimitReached, Limits
from rorqual.engine.ranges import Ranges
from rorqual.findings.ledger import Ledger
from rorqual.findings.record import Finding
from rorqual.sdk import RangeDigest, TailDigest, Window
from rorqual.sources.file import MemorySource

DATA = bytes((number * number >> 3) & 0xFF for number in range(3000))
BOTH = ("entropy", "sha256")


@dataclass(frozen=True, slots=True)
class Part:
    tag: ClassVar[str] = "part_in_tests"
    sha256: str | None = None
    entropy: float | None = None


class Counted(MemorySource):
    """Counts what is read again."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.read = 0

    def read_at(self, offset: int, size: int, /) -> bytes:
        data = super().read_at(offset, size)
        self.read += len(data)
        return data


class Bench:
    """Range digests over DATA, window by window."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.said: list[Finding] = []
        self.ledger = Ledger()
        self.source = Counted(DATA)
        self.ranges = Ranges(self.source, limits or Limits(), Guard(self.ledger, ()), self.said.append)

    def ask(self, *ranges: tuple[int, int], fields: tuple[str, ...] = BOTH) -> None:
        finding = Finding((), ranges[0][0], sum(size for _, size in ranges), "a", Part())
        self.ranges.ask(RangeDigest(finding, ranges, fields), "a")


def expected(ranges: tuple[tuple[int, int], ...]) -> Part:
    data = b"".join(DATA[offset : offset + size] for offset, size in ranges)
    entropy = -sum(count / len(data) * log2(count / len(data)) for count in Counter(data).values()) if data else 0.0
    return Part(hashlib.sha256(data).hexdigest(), round(entropy, 4) + 0.0)


wishes = st.lists(
    st.tuples(
        st.lists(st.integers(0, len(DATA)), min_size=2, max_size=4, unique=True).map(sorted),
        st.integers(0, 40),
    ),
    max_size=8,
)


@given(wishes, st.integers(1, 900))
def test_riding_and_reading_again_give_the_same(asked: list[tuple[list[int], int]], chunk: int) -> None:
    bench = Bench(Limits(overlap=100))
    expect = []
    for number, start in enumerate(range(0, len(DATA), chunk)):
        for borders, when in asked:
            if when == number:
                ranges = tuple((at, end - at) for at, end in zip(borders[::2], borders[1::2], strict=False))
                bench.ask(*ranges)
                expect.append(expected(ranges))
        bench.ranges.feed(Window(start, DATA[start : start + chunk]))
    bench.ranges.finish()
    assert sorted(map(repr, expect)) == sorted(repr(finding.body) for finding in bench.said)
    assert bench.ledger.complete


def test_what_is_still_ahead_is_not_read_again() -> None:
    bench = Bench()
    bench.ask((500, 2000))
    for start in range(0, len(DATA), 100):
        bench.ranges.feed(Window(start, DATA[start : start + 100]))
    bench.ranges.finish()
    assert bench.source.read == 0
    assert [finding.body for finding in bench.said] == [expected(((500, 2000),))]


def test_a_tail_foretold_is_not_read_again() -> None:
    bench = Bench()
    bench.ranges.ask(TailDigest(700, BOTH), "a")
    for start in range(0, len(DATA), 100):
        bench.ranges.feed(Window(start, DATA[start : start + 100]))
    bench.ranges.end(len(DATA))
    bench.ask((700, len(DATA) - 700))
    bench.ranges.finish()
    assert bench.source.read == 0
    assert [finding.body for finding in bench.said] == [expected(((700, 2300),))]


def test_a_tail_foretold_is_nobodys_before_the_end() -> None:
    bench = Bench()
    bench.ranges.ask(TailDigest(700, BOTH), "a")
    for start in range(0, 1000, 100):
        bench.ranges.feed(Window(start, DATA[start : start + 100]))
    bench.ask((700, 300))
    for start in range(1000, len(DATA), 100):
        bench.ranges.feed(Window(start, DATA[start : start + 100]))
    bench.ranges.end(len(DATA))
    bench.ask((700, len(DATA) - 700))
    bench.ranges.finish()
    assert bench.source.read == 300
    assert [finding.body for finding in bench.said] == [expected(((700, 300),)), expected(((700, 2300),))]


@pytest.mark.parametrize("passed", [0, 600, 1000, 2900, 3000])
def test_a_tail_counts_once_whenever_it_is_foretold(passed: int) -> None:
    bench = Bench(Limits(overlap=1))
    for start in range(0, len(DATA), 100):
        if start == passed:
            bench.ranges.ask(TailDigest(700, BOTH), "a")
        bench.ranges.feed(Window(start, DATA[start : start + 100]))
    if passed == len(DATA):
        bench.ranges.ask(TailDigest(700, BOTH), "a")
    bench.ranges.end(len(DATA))
    bench.ask((700, len(DATA) - 700))
    bench.ranges.finish()
    assert [finding.body for finding in bench.said] == [expected(((700, 2300),))]
    assert bench.source.read == max(0, passed - 700)


@pytest.mark.parametrize("passed", [0, 3000])
def test_a_tail_foretold_is_not_taken_for_a_shorter_range(passed: int) -> None:
    bench = Bench(Limits(overlap=1))
    for start in range(0, len(DATA) + 1, 100):
        if start == passed:
            bench.ranges.ask(TailDigest(700, BOTH), "a")
        bench.ranges.feed(Window(start, DATA[start : start + 100]))
    bench.ranges.end(len(DATA))
    bench.ask((700, len(DATA) - 800))
    bench.ranges.finish()
    assert [finding.body for finding in bench.said] == [Part(), LimitReached("overlap", 1, 1)]


def test_a_digest_of_one_range_many_times_is_held_to_the_allowance() -> None:
    bench = Bench(Limits(overlap=4))
    bench.ask(*[(100, 50)] * 5)
    bench.ask(*[(100, 50)] * 4)
    bench.ranges.finish()
    assert sum(finding.body == Part() for finding in bench.said) == 1
    assert sum(isinstance(finding.body, LimitReached) for finding in bench.said) == 5


def test_a_tail_nobody_asks_for_says_nothing() -> None:
    bench = Bench()
    bench.ranges.ask(TailDigest(700, BOTH), "a")
    bench.ranges.feed(Window(0, DATA))
    bench.ranges.finish()
    assert bench.said == []


def test_only_the_fields_asked_for_are_filled() -> None:
    bench = Bench()
    bench.ask((0, 10), fields=("sha256",))
    bench.ranges.finish()
    assert [finding.body for finding in bench.said] == [Part(hashlib.sha256(DATA[:10]).hexdigest(), None)]


def test_beyond_the_allowance_the_finding_stands_and_the_ledger_tells() -> None:
    bench = Bench(Limits(overlap=2))
    for _ in range(3):
        bench.ask((100, 50))
    bench.ask((150, 50))
    bench.ranges.finish()
    empty = [finding for finding in bench.said if finding.body == Part()]
    reached = [finding.body for finding in bench.said if isinstance(finding.body, LimitReached)]
    assert reached == [LimitReached("overlap", 2, 1)]
    assert len(bench.said) == 5
    assert len(empty) == 1
    bench.ledger.close((), len(DATA), ["a"])
    assert next((line.state, line.ranges) for line in bench.ledger) == ("missed", ((100, 50),))


def test_the_count_of_ranges_is_bounded() -> None:
    bench = Bench(Limits(ranges=5))
    for number in range(7):
        bench.ask((number, 1))
    bench.ranges.finish()
    assert sum(finding.body == Part() for finding in bench.said) == 2


def test_a_range_past_the_end_is_a_fault_and_keeps_its_finding() -> None:
    bench = Bench()
    bench.ask((2990, 100))
    bench.ranges.feed(Window(0, DATA))
    bench.ranges.finish()
    assert [finding.body for finding in bench.said] == [Part()]
    assert [fault.reason for fault in bench.ledger.faults] == ["unreadable"]


@dataclass(frozen=True, slots=True)
class Measured:
    tag: ClassVar[str] = "measured_in_tests"
    sum16: int | None = None
    md5: str | None = None
    sha384: str | None = None


@given(st.lists(st.integers(0, len(DATA)), min_size=2, max_size=6, unique=True).map(sorted), st.integers(1, 900))
def test_sums_and_digests_of_ranges_however_they_are_cut(borders: list[int], chunk: int) -> None:
    bench = Bench()
    ranges = tuple((start, end - start) for start, end in zip(borders[::2], borders[1::2], strict=False))
    finding = Finding((), ranges[0][0], 1, "a", Measured())
    bench.ranges.ask(RangeDigest(finding, ranges, ("sum16", "md5", "sha384")), "a")
    for start in range(0, len(DATA), chunk):
        bench.ranges.feed(Window(start, DATA[start : start + chunk]))
    data = b"".join(DATA[offset : offset + size] for offset, size in ranges)
    words = sum(int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2))
    digests = (hashlib.md5(data).hexdigest(), hashlib.sha384(data).hexdigest())
    assert [one.body for one in bench.said] == [Measured(words, *digests)]


def test_what_comes_of_a_filled_finding_stands_in_for_it() -> None:
    bench = Bench()

    def compare(filled: Finding) -> list[Finding]:
        assert filled.body == expected(((5, 10),))
        return [filled, Finding((), 99, 1, "a", Measured(1))]

    bench.ranges.ask(RangeDigest(Finding((), 5, 10, "a", Part()), ((5, 10),), BOTH, then=compare), "a")
    bench.ranges.finish()
    assert [one.body for one in bench.said] == [expected(((5, 10),)), Measured(1)]


def test_a_fault_in_what_comes_of_it_is_the_analyzers() -> None:
    bench = Bench()
    wrongs: list[Any] = [
        lambda filled: 1 / 0,
        lambda filled: [Finding((), -1, 1, "a", Part())],
        lambda filled: ["words"],
    ]
    for wrong in wrongs:
        bench.ranges.ask(RangeDigest(Finding((), 5, 10, "a", Part()), ((5, 10),), BOTH, then=wrong), "a")
    bench.ranges.finish()
    assert [one.body for one in bench.said] == [Part()] * 3  # as they were asked for
    assert [(fault.analyzer, fault.reason) for fault in bench.ledger.faults] == [("a", "fault")] * 3


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match="md4 is not one of"):
        Bench().ask((0, 1), fields=("md4",))
