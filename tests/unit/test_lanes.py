"""The convoy: every window passes every lane, sequential ones in order, dependent ones after what they depend on."""

import threading
import time
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rorqual.engine.lanes import Convoy, Lane, Load
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
    st.lists(st.booleans(), min_size=1, max_size=4),
    st.integers(0, 2),
)
def test_every_window_passes_every_lane_once(
    count: int, buffers: int, workers: int, sequential: list[bool], alone: int
) -> None:
    passed: dict[str, list[int]] = defaultdict(list)
    log: list[tuple[str, int]] = []
    lanes: list[Lane] = []
    for index, in_order in enumerate(sequential):
        name = f"lane{index}"

        def work(load: Load, name: str = name) -> None:
            passed[name].append(load.number)
            log.append((name, load.number))

        lanes.append(Lane(name, work, sequential=in_order, after=lanes[-1] if lanes else None))
    Convoy(reader(count, []), buffers, lanes, alone=alone).run(workers)  # type: ignore[arg-type]  # a reader
    for lane in lanes:
        assert sorted(passed[lane.name]) == list(range(count))
        if lane.sequential:
            assert passed[lane.name] == list(range(count))
        if lane.after is not None:
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


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_of_the_engine_ends_the_run_and_is_raised(workers: int) -> None:
    def fail(load: Load) -> None:
        if load.number == 5:
            raise ZeroDivisionError("made to fail")

    convoy = Convoy(reader(100, []), 3, [Lane("fails", fail, sequential=True)])  # type: ignore[arg-type]  # a reader
    with pytest.raises(ZeroDivisionError):
        convoy.run(workers)
    assert threading.active_count() < 10
