"""Runs of padding against the definition itself, on one segment and on any cut of it."""

import pickle
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rorqual.analyzers.folds.runs import Run, Runs
from rorqual.sdk import Window

unhurried = settings(deadline=None)


def by_definition(x: bytes, min_length: int, max_period: int) -> set[Run]:
    """Every maximal range whose minimal period is at most `max_period`, by trying all."""
    found = set()
    for period in range(1, max_period + 1):
        start = 0
        for at in range(len(x) + 1):
            if at == len(x) or (at - start >= period and x[at] != x[at - period]):
                if at - start >= min_length and not any(has_period(x[start:at], p) for p in range(1, period)):
                    found.add(Run(start, at, x[start : start + period]))
                start = at - period + 1
    return found


def has_period(x: bytes, period: int) -> bool:
    return x[period:] == x[:-period]


def all_of(runs: Runs) -> list[Run]:
    return sorted([*runs.take(), *runs.rest()])


def segments(data: bytes, cuts: list[int], min_length: int, max_period: int) -> list[Runs]:
    borders = [0, *sorted(cuts), len(data)]
    made = []
    for start, end in pairwise(borders):
        one = Runs(min_length, max_period)
        one.feed(Window(start, data[start:end]))
        made.append(one)
    return made


def state(runs: Runs) -> tuple[object, ...]:
    return tuple(getattr(runs, name) for name in Runs.__slots__)


scales = st.sampled_from([(4, 1), (8, 2), (9, 2), (12, 3), (20, 4), (16, 4)])


@st.composite
def patched(draw: st.DrawFn) -> bytes:
    """Words over two letters, in stretches of short periods: runs everywhere, many overlapping."""
    parts = st.one_of(
        st.builds(
            lambda unit, size: (unit * size)[:size],
            st.binary(min_size=1, max_size=6).map(lambda unit: bytes(b & 1 for b in unit)),
            st.integers(0, 60),
        ),
        st.binary(max_size=5).map(lambda text: bytes(b & 3 for b in text)),
    )
    return b"".join(draw(st.lists(parts, max_size=8)))


@unhurried
@given(patched(), scales)
def test_one_segment_is_the_definition(data: bytes, scale: tuple[int, int]) -> None:
    runs = Runs(*scale)
    runs.feed(Window(0, data))
    assert all_of(runs) == sorted(by_definition(data, *scale))


@settings(unhurried, max_examples=400)
@given(patched(), scales, st.data())
def test_any_cut_in_any_bracketing_is_one_segment(data: bytes, scale: tuple[int, int], draws: st.DataObject) -> None:
    whole = segments(data, [], *scale)[0]
    parts = segments(data, draws.draw(st.lists(st.integers(0, len(data)), max_size=12)), *scale)
    while len(parts) > 1:
        at = draws.draw(st.integers(0, len(parts) - 2))
        parts[at].merge(parts.pop(at + 1))
    assert state(parts[0]) == state(whole)


@unhurried
@given(patched(), scales, st.integers(1, 40))
def test_feeding_in_chunks_and_taking_as_one_goes(data: bytes, scale: tuple[int, int], chunk: int) -> None:
    runs, taken = Runs(*scale), list[Run]()
    for at in range(0, len(data), chunk):
        runs.feed(Window(at, data[at : at + chunk]))
        taken += runs.take()
    assert sorted([*taken, *runs.rest()]) == sorted(by_definition(data, *scale))


@unhurried
@given(
    st.integers(0, 9000),
    st.integers(4090, 4100),
    st.integers(1, 66),
    st.integers(0, 3),
    st.lists(st.integers(0, 20_000)),
)
def test_at_the_real_scale(lead: int, size: int, period: int, tail: int, cuts: list[int]) -> None:
    unit = bytes(range(100, 100 + period))
    data = bytes(i * i % 97 for i in range(lead)) + (unit * size)[:size] + b"!?."[:tail]
    parts = segments(data, [cut for cut in cuts if cut <= len(data)], 4096, 64)
    for part in parts[1:]:
        parts[0].merge(part)
    assert all_of(parts[0]) == ([Run(lead, lead + size, unit)] if size >= 4096 and period <= 64 else [])


def overlapping() -> bytes:
    return b"x" + bytes(5000) + b"\0A" * 3000 + b"y"


def test_two_runs_share_their_border() -> None:
    runs = Runs()
    runs.feed(Window(0, overlapping()))
    assert all_of(runs) == [Run(1, 5002, b"\0"), Run(5001, 11001, b"\0A")]


def test_a_run_over_everything_stays_one() -> None:
    for step in (1, 100, 127, 128, 129, 255, 256, 4096, 10_000):
        runs = Runs()
        for at in range(0, 10_000, step):
            runs.feed(Window(at, (b"abc" * 10_000)[at : min(at + step, 10_000)]))
            assert not runs.closed
        assert all_of(runs) == [Run(0, 10_000, b"abc")]


def test_an_unfed_instance_is_neutral() -> None:
    data = overlapping()
    fed, empty = segments(data, [], 4096, 64)[0], Runs()
    before = pickle.dumps(state(fed))
    fed.merge(Runs())
    assert pickle.dumps(state(fed)) == before
    empty.merge(fed)
    assert state(empty) == state(fed)
    assert list(Runs().rest()) == []


def test_what_is_taken_leaves_the_state() -> None:
    runs = Runs()
    at = 0
    for data in pages():
        runs.feed(Window(at, data))
        at += len(data)
        runs.take()
        assert len(pickle.dumps(state(runs))) < 2000


def pages() -> Iterator[bytes]:
    for page in range(200):
        yield bytes(5000) + page.to_bytes(2, "big") * 7
