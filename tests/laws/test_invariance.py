"""The report outside `run` is a pure function of (bytes, plan, limits): same for any chunk, cut, worker, order, matcher."""

import random
import sys
from array import array
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rorqual
from rorqual.engine import database
from rorqual.engine.matcher import NUMBER_BITS, HyperscanMatcher, Matcher, ReferenceMatcher
from rorqual.engine.patterns import Patterns
from rorqual.engine.plan import Plan, installed
from rorqual.findings.record import canonical
from rorqual.sdk import Anchor, Fold, Region, Window
from tests.cases import Case, body, cases, spread, usual

FEW_WINDOWS = 400  # in one example: what keeps the suite fast
SMALL = 4096  # bytes: cases that may be read byte by byte

quick = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def cuts(draw: st.DrawFn) -> tuple[Case, int]:
    """A case and a chunk size from 1 byte up."""
    case = draw(st.sampled_from(cases()))
    size = len(case.data())
    least = 1 if size <= SMALL else size // FEW_WINDOWS
    return case, draw(st.integers(max(1, least), size + 2))


@quick
@given(cut=cuts(), workers=st.integers(1, 4), eager=st.booleans())
def test_chunks_workers_and_scheduling(cut: tuple[Case, int], workers: int, eager: bool) -> None:
    case, chunk = cut
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6 if eager else interval)  # other interleavings of the threads
    try:
        report = rorqual.scan(case.data(), chunk_size=chunk, workers=workers)
    finally:
        sys.setswitchinterval(interval)
    assert body(report) == usual(case)


@pytest.mark.parametrize("case", spread(600), ids=str)
def test_byte_by_byte(case: Case) -> None:
    assert body(rorqual.scan(case.data(), chunk_size=1, workers=2)) == usual(case)


@pytest.mark.parametrize("case", spread(64 << 10), ids=str)
def test_reference_matcher_gives_the_same_report(case: Case) -> None:
    assert body(rorqual.scan(case.data(), matcher="reference")) == usual(case)


@pytest.mark.parametrize("case", spread(), ids=str)
def test_order_of_analyzers(case: Case) -> None:
    shuffled = list(installed())
    random.Random(5).shuffle(shuffled)
    assert body(rorqual.scan(case.data(), analyzers=shuffled)) == usual(case)


FOLDS = Plan.of(installed(digests=("crc32", "sha512"))).folds


@quick
@given(data=st.data())
@pytest.mark.parametrize("fold", FOLDS, ids=lambda fold: fold.name)
def test_any_cut_merged_in_any_bracketing(fold: Fold, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(cases())).data()
    borders = sorted({0, len(source), *data.draw(st.lists(st.integers(0, len(source)), max_size=12))})
    windows = [Window(start, source[start:end]) for start, end in zip(borders, borders[1:], strict=False)]
    whole = fold.fresh()
    whole.feed(Window(0, source))
    if fold.sequential:
        parts = fold.fresh()
        for window in windows:
            parts.feed(window)
    else:
        parts = _bracketed(fold, windows, data.draw(st.randoms(use_true_random=False)))
    assert list(_said(parts)) == list(_said(whole))


def _bracketed(fold: Fold, windows: list[Window], chance: random.Random) -> Fold:
    parts: list[Any] = []
    for window in windows:
        part = fold.fresh()
        part.feed(window)
        parts.append(part)
    while len(parts) > 1:
        at = chance.randrange(len(parts) - 1)
        parts[at].merge(parts.pop(at + 1))
    return cast(Fold, parts[0]) if parts else fold.fresh()


def _said(fold: Fold) -> Iterator[tuple[int, int, str]]:
    said = [*fold.drain(()), *fold.finish(())]
    return iter(
        sorted(
            (one.at, one.size or 0, repr((one.kind, one.context)))
            if isinstance(one, Region)
            else (one.offset, one.size, canonical(one.body))
            for one in said
        )
    )


def _hits(matcher: Matcher, source: bytes, borders: list[int], warm: int) -> list[int]:
    hits: list[int] = []
    for start, end in zip(borders, borders[1:], strict=False):
        base = max(0, start - warm)

        def deliver(found: "array[int]", base: int = base) -> None:
            hits.extend(hit + (base << NUMBER_BITS) for hit in found)

        matcher.match(memoryview(source)[base:end], start - base, deliver)
    return hits


alphabet = st.sampled_from([b"M", b"Z", b"\0", b"\x1f", b"\x8b", b"."])
literals = st.lists(alphabet, min_size=2, max_size=5).map(b"".join)
expressions = st.builds(
    lambda one, gap, two: one + (b"[\\x00-\\xff]{%d}" % gap) + two, literals, st.integers(1, 9), literals
)


@quick
@given(
    anchors=st.lists(expressions, min_size=1, max_size=6),
    pieces=st.lists(st.one_of(alphabet, st.binary(max_size=20)), max_size=60),
    borders=st.lists(st.integers(0, 600), max_size=10),
)
def test_matchers_agree_on_any_spans(anchors: list[bytes], pieces: list[bytes], borders: list[int]) -> None:
    anchors = [anchor.replace(b".", b"\\.").replace(b"\0", b"\\x00") for anchor in anchors]
    source = b"".join(pieces)
    patterns = Patterns([(0, Anchor(anchor)) for anchor in anchors])
    spans = sorted({0, len(source), *(border for border in borders if border < len(source))})
    reference = ReferenceMatcher(patterns)
    expected = _hits(reference, source, [0, len(source)], patterns.warm)
    assert _hits(reference, source, spans, patterns.warm) == expected
    hyperscan = pytest.importorskip("hyperscan", reason="no Hyperscan wheel for this machine")
    compiled = hyperscan.Database(mode=hyperscan.HS_MODE_STREAM)
    expressions = [pattern.anchor.regex for pattern in patterns]
    numbers = list(range(len(expressions)))
    compiled.compile(expressions=expressions, ids=numbers, elements=len(numbers), flags=hyperscan.HS_FLAG_DOTALL)
    compiled.scratch = hyperscan.Scratch(compiled)
    assert _hits(HyperscanMatcher(compiled), source, spans, patterns.warm) == expected


def test_installed_anchors_compile_and_agree() -> None:
    patterns = Patterns(Plan.of(installed()).anchors)
    source = b"".join(case.data()[:20_000] for case in cases())
    compiled = database.load(patterns)
    if compiled is None:
        pytest.skip("no Hyperscan wheel for this machine")
    expected = _hits(ReferenceMatcher(patterns), source, [0, len(source)], patterns.warm)
    assert expected
    assert _hits(HyperscanMatcher(compiled), source, [0, 1000, 50_000, len(source)], patterns.warm) == expected
