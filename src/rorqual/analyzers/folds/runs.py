"""Runs of padding as a monoid: constant bytes and short periods, with exact places.

A run is a maximal range [a, b) with x[i] == x[i + p] throughout, p its minimal period, at most `max_period`,
and b - a >= `min_length`. That says nothing of windows, so any cut of the source gives the same runs.

What is known of a segment is its first and last `edge` bytes, the periodic stretches of at least an edge that
touch its ends, and the runs inside that no neighbour can change. An edge is twice `max_period`: two stretches
of periods p and q share fewer than p + q bytes or are one (Fine and Wilf), so there is at most one such
stretch at each end, and a run across a border is seen on one side of it at least, since it is as long as two
edges. Two runs may overlap by less than p + q bytes, as zeros do with "00 41 00 41" after them: both are runs
by the definition.

Periods over 64 bytes, where padding passes into repeated structure, are those of the fold `filler`: it has runs of
periods up to 128 KiB, with edges as wide as that asks for.
"""

from collections.abc import Iterator
from typing import NamedTuple, Self

from rorqual.sdk import Window, periodic_runs

MIN_LENGTH = 4096  # a page: what alignment inside ordinary files stays below
MAX_PERIOD = 64  # the widest unit that filling tools write, and a cache line


class Run(NamedTuple):
    """Bytes `start` to `end` of the source repeat `unit`, which is as it stands at `start`."""

    start: int
    end: int
    unit: bytes

    @property
    def size(self) -> int:
        return self.end - self.start


class Runs:
    """The runs of one segment of the source; an unfed instance is the neutral element."""

    __slots__ = ("closed", "end", "first", "head", "last", "max_period", "min_length", "start", "tail")

    def __init__(self, min_length: int = MIN_LENGTH, max_period: int = MAX_PERIOD) -> None:
        self.min_length = min_length
        self.max_period = max_period
        self.start = self.end = 0
        self.head = self.tail = b""  # the first and the last bytes of the segment, an edge of each
        self.first: Run | None = None  # the stretch that touches the start
        self.last: Run | None = None  # and the one that touches the end; one and the same if it covers all
        self.closed: list[Run] = []  # in order; what `take` has not yet taken

    @property
    def edge(self) -> int:
        return 2 * self.max_period

    def fresh(self) -> Self:
        """An unfed instance with the same options."""
        return type(self)(self.min_length, self.max_period)

    def feed(self, window: Window) -> None:
        """Takes in the window, which begins where self ended."""
        self.merge(self.segment(window))

    def segment(self, window: Window) -> Self:
        """What the window is on its own."""
        data, base, edge = window.data, window.offset, self.edge
        made = self.fresh()
        made.start, made.end = base, window.end
        made.head, made.tail = bytes(data[:edge]), bytes(data[-edge:])
        if len(data) < edge:
            return made
        for start, end, period in periodic_runs(data, self.min_length, self.max_period):
            run = Run(base + start, base + end, bytes(data[start : start + period]))
            if run.start == made.start:
                made.first = run
            if run.end == made.end:
                made.last = run
            if made.start < run.start and run.end < made.end:
                made.closed.append(run)
        return made

    def merge(self, later: Self) -> None:
        """Takes in `later`, which begins where self ended."""
        if later.start == later.end:
            return
        if self.start == self.end:
            self.start = later.start
            self.head, self.first, self.last = later.head, later.first, later.last
        else:
            border, spanning = self.end, list(self._across(later))
            if self.first is None or self.first.end == border:
                self.first = next((run for run in spanning if run.start == self.start), None)
            if later.last is not None and later.last.start > border:
                self.last = later.last
            else:
                self.last = next((run for run in spanning if run.end == later.end), None)
            self.closed += (
                run
                for run in spanning
                if self.start < run.start and run.end < later.end and run.size >= self.min_length
            )
            self.head = (self.head + later.head)[: self.edge] if len(self.head) < self.edge else self.head
        self.end = later.end
        self.tail = (self.tail + later.tail)[-self.edge :]
        self.closed += later.closed

    def take(self) -> list[Run]:
        """The runs that no neighbour can change, once each."""
        taken, self.closed = self.closed, []
        return taken

    def rest(self) -> Iterator[Run]:
        """What touches the ends, which are those of the source."""
        for run in dict.fromkeys((self.first, self.last)):
            if run is not None and run.size >= self.min_length:
                yield run

    def _across(self, later: Self) -> Iterator[Run]:
        """The stretches of at least an edge that touch the border, as they stand in both segments
        together."""
        onward = self._onward(self.last, later) if self.last is not None else None
        if onward is not None:
            yield onward
        if later.first is not None:
            backward = self._backward(later.first)
            if backward != onward:
                yield backward
        # A side shorter than an edge knows no stretch of its own: read it off the bytes around the border. A
        # stretch that goes on past those is known to the other side and was extended above.
        short, brief = self.end - self.start < self.edge, later.end - later.start < self.edge
        if short:
            known = self.head + later.head
            period = minimal_period(known[: self.edge], self.max_period)
            size = period and period + matching(known[period:], known)
            if size and (size < len(known) or brief):
                yield Run(self.start, self.start + size, known[:period])
        if brief:
            known = self.tail + later.tail
            period = minimal_period(known[-self.edge :], self.max_period)
            size = period and period + matching(known[:-period][::-1], known[::-1])
            if size and (size < len(known) or short):
                yield Run(later.end - size, later.end, known[-size:][:period])

    def _onward(self, run: Run, later: Self) -> Run:
        """`run`, which touches the end of self, as far as it goes in `later`."""
        unit = run.unit
        turn = (self.end - run.start) % len(unit)
        more = matching(later.head, unit[turn:] + unit * (self.edge // len(unit) + 1))
        if more == self.edge and later.first is not None:
            return Run(run.start, later.first.end, unit)
        return Run(run.start, self.end + more, unit)

    def _backward(self, run: Run) -> Run:
        """`run`, which touches the start of what follows self, from where it begins in self."""
        unit = run.unit
        more = matching(self.tail[::-1], unit[::-1] * (self.edge // len(unit) + 1))
        if more == self.edge and self.last is not None:
            return Run(self.last.start, run.end, self.last.unit)
        turn = -more % len(unit)
        return Run(self.end - more, run.end, unit[turn:] + unit[:turn])


def minimal_period(text: bytes, max_period: int) -> int:
    """The smallest period of `text` if it has twice `max_period` bytes and one that is at most `max_period`,
    else 0.

    The first place where the first half occurs again decides: a longer period would make that shift a period
    too.
    """
    if len(text) < 2 * max_period:
        return 0
    shift = text.find(text[:max_period], 1)
    return shift if shift > 0 and text[shift:] == text[:-shift] else 0


def matching(text: bytes, pattern: bytes) -> int:
    """How many leading bytes of `text` are those of `pattern`, which is at least as long."""
    if pattern.startswith(text):
        return len(text)
    differ = int.from_bytes(text, "little") ^ int.from_bytes(pattern[: len(text)], "little")
    return ((differ & -differ).bit_length() - 1) // 8
