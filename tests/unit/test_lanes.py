"""The convoy: every window passes every lane, sequential ones in order, dependent ones after what they depend on."""

import threading
import time
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rorqual.engine.lanes import MOST_AHEAD, Convoy, Lane, Load
from rorqual.sdk import Window


def reader(count: int, given_out: list[int]) -> "object":
    def read(buffer: int) -> Load | None:
        number = len(given_out)
        if number == count:
            return None
        given_out.append(buffer)
        data = memoryview(bytes([number % 256]))
        return Load(number, Window(number, data), data, 0, buffer)

    return read


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 30),
    st.integers(1, 4),
    st.integers(1, 4),
    st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=4),
    st.integers(0, 2),
)
def test_every_window_passes_every_lane_once(
    count: int, buffers: int, workers: int, kinds: list[tuple[bool, bool, bool]], alone: int
) -> None:
    passed: dict[str, list[int]] = defaultdict(list)
    log: list[tuple[str, int]] = []
    lanes: list[Lane] = []
    for index, (in_order, patient, holds) in enumerate(kinds):
        name = f"lane{index}"

        def work(load: Load, name: str = name) -> None:
            passed[name].append(load.number)
            log.append((name, load.number))

        after = lanes[-1] if lanes else None
        looks = holds or index == len(kinds) - 1
        lanes.append(Lane(name, work, sequential=in_order, after=after, patient=patient, holds=looks))
    Convoy(reader(count, []), buffers, lanes, alone=alone).run(workers)  # type: ignore[arg-type]  # a reader
    for lane in lanes:
        assert sorted(passed[lane.name]) == list(range(count))
        if lane.sequential:
            assert passed[lane.name] == list(range(count))
        if lane.after is not None and (lane.patient or workers == 1):
            for number in range(count):
                assert log.index((lane.after.name, number)) < log.index((lane.name, number))


def test_a_buffer_is_not_filled_while_anyone_looks_at_it() -> None:
    given_out: list[int] = []
    busy: set[int] = set()
    lock = threading.Lock()
    clashes = []

    def slow(load: Load) -> None:
        time.sleep(0.001)
        with lock:
            busy.discard(load.buffer)

    inner = reader(40, given_out)

    def read(buffer: int) -> Load | None:
        with lock:
            if buffer in busy:
                clashes.append(buffer)
        load: Load | None = inner(buffer)  # type: ignore[operator]  # a reader
        if load is not None:
            with lock:
                busy.add(buffer)
        return load

    Convoy(read, 3, [Lane("slow", slow, sequential=False)]).run(3)
    assert clashes == []
    assert len(given_out) == 40


def test_who_looks_at_no_bytes_keeps_nobody_waiting() -> None:
    seen: list[int] = []
    far = threading.Event()

    def hash_it(load: Load) -> None:
        seen.append(load.number)
        if len(seen) == MOST_AHEAD:
            far.set()

    def think(load: Load) -> None:
        assert far.wait(10)

    slow = Lane("slow", think, sequential=True, holds=False)
    quick = Lane("quick", hash_it, sequential=True, after=slow, patient=False)
    Convoy(reader(200, []), 2, [slow, quick]).run(2)  # type: ignore[arg-type]  # a reader
    assert seen == list(range(200))


def test_windows_ahead_are_bounded() -> None:
    given_out: list[int] = []
    most = 0

    def think(load: Load) -> None:
        nonlocal most
        time.sleep(0.001)
        most = max(most, len(given_out) - load.number)

    slow = Lane("slow", think, sequential=True, holds=False)
    quick = Lane("quick", lambda load: None, sequential=True)
    Convoy(reader(200, given_out), 2, [slow, quick]).run(2)  # type: ignore[arg-type]  # a reader
    assert most == MOST_AHEAD


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_of_the_engine_ends_the_run_and_is_raised(workers: int) -> None:
    def fail(load: Load) -> None:
        if load.number == 5:
            raise ZeroDivisionError("made to fail")

    convoy = Convoy(reader(100, []), 3, [Lane("fails", fail, sequential=True)])  # type: ignore[arg-type]  # a reader
    with pytest.raises(ZeroDivisionError):
        convoy.run(workers)
    assert threading.active_count() < 10
