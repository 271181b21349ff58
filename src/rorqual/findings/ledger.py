"""The coverage ledger: for each analyzer which bytes it saw, which it did not, and why.

`seen` needs no reason. `opaque` (closed to everyone: encrypted without a password, or a stream that breaks off) and
`sampled` (by design, with the share) are stated and do not make a report incomplete. `missed` (fault, limit,
unreadable) does.
"""

import enum
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import attrgetter

from rorqual.findings.record import Json, Place, encode, place_text
from rorqual.frozen import frozen

Line = tuple[str, "State", str]  # of one source: analyzer, state, reason
Spans = list[tuple[int, int]]
_LINE_ORDER = attrgetter("analyzer", "state", "reason", "ranges")
_FAULT_ORDER = attrgetter("place", "offset", "analyzer", "reason", "message")


OTHERS = "*"  # in a line on a child: all analyzers that no other line on it names


class State(enum.StrEnum):
    SEEN = "seen"
    OPAQUE = "opaque"
    SAMPLED = "sampled"
    MISSED = "missed"


class Reason(enum.StrEnum):
    """Why bytes were not seen, or a finding was lost."""

    FAULT = "fault"  # an analyzer raised what it may not
    LIMIT = "limit"  # fuel, ration, ratio, depth or another deterministic allowance
    UNREADABLE = "unreadable"  # the storage failed
    CHANGED = "changed"  # the file is not the one that was opened
    MACHINE = "machine"  # memory, disk or the watchdog refused


@frozen
class Coverage:
    """What one analyzer made of byte ranges ((offset, size), …) of the source at `place`; OTHERS stands for those that
    saw all of a child."""

    place: Place
    analyzer: str
    state: State
    reason: str
    ranges: tuple[tuple[int, int], ...]
    share: float | None = None  # of sampled ranges: how much was looked at, 0 to 1

    def to_dict(self) -> dict[str, Json]:
        line: dict[str, Json] = {
            "analyzer": self.analyzer,
            "place": place_text(self.place),
            "state": self.state.value,
            "ranges": encode(self.ranges),
        }
        if self.reason:
            line["reason"] = self.reason
        if self.share is not None:
            line["share"] = self.share
        return line


@frozen
class Fault:
    """Something went wrong at `offset` of the source at `place`; the ledger has the bytes that went unseen for it."""

    place: Place
    offset: int
    analyzer: str
    reason: Reason
    message: str

    def to_dict(self) -> dict[str, Json]:
        return {
            "analyzer": self.analyzer,
            "place": place_text(self.place),
            "offset": self.offset,
            "reason": self.reason.value,
            "message": self.message,
        }


def merged(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """(start, end) ranges sorted, with what touches joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _coarse(ranges: tuple[tuple[int, int], ...], most: int) -> tuple[tuple[int, int], ...]:
    """At most so many ranges that cover these: gaps below a power of two are closed, the least that is enough."""
    grain = 1
    while len(ranges) > most:
        joined = [ranges[0]]
        for start, end in ranges[1:]:
            if start - joined[-1][1] < grain:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        ranges, grain = tuple(joined), grain * 2
    return ranges


class Ledger:
    """Collects what was not seen while a scan runs; what is left of each source was seen."""

    RANGES = 4096  # kept of one line; where there are more, the narrowest gaps between them are called unseen too
    FAULTS = 10_000  # kept in the report; the ranges of those beyond are kept all the same

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unseen: dict[Place, dict[Line, Spans]] = defaultdict(lambda: defaultdict(list))
        self._faults: set[Fault] = set()
        self._sources: dict[Place, tuple[int, tuple[str, ...]]] = {}

    def miss(self, place: Place, analyzer: str, reason: Reason, start: int, end: int) -> None:
        """Bytes `start` to `end` went unseen by the analyzer."""
        self._mark(place, (analyzer, State.MISSED, reason.value), start, end)

    def fault(self, fault: Fault, *, start: int, end: int) -> None:
        """Something went wrong, and bytes `start` to `end` went unseen for it."""
        with self._lock:
            self._faults.add(fault)
            if len(self._faults) > 2 * self.FAULTS:  # the first by place, not by time of arrival
                self._faults = set(sorted(self._faults, key=_FAULT_ORDER)[: self.FAULTS])
        self.miss(fault.place, fault.analyzer, fault.reason, start, end)

    def opaque(self, place: Place, analyzer: str, why: str, start: int, end: int) -> None:
        """Bytes `start` to `end` are closed to everyone without a key."""
        self._mark(place, (analyzer, State.OPAQUE, why), start, end)

    def rest(self, place: Place, resting: Iterable[tuple[str, str]]) -> None:
        """Of each (analyzer, other) what the second missed went unseen by the first too, which is woken by it."""
        with self._lock:
            marks = self._unseen.get(place)
            if not marks:
                return
            for analyzer, on in resting:
                for line in [line for line in marks if line[:2] == (on, State.MISSED)]:
                    ranges = merged((*marks[analyzer, State.MISSED, line[2]], *marks[line]))
                    marks[analyzer, State.MISSED, line[2]] = list(_coarse(ranges, self.RANGES))

    def close(self, place: Place, size: int, analyzers: Iterable[str]) -> None:
        """The source at `place` has `size` bytes, and these analyzers were to see them all."""
        with self._lock:
            self._sources[place] = (size, tuple(analyzers))

    def drop(self, place: Place) -> None:
        """Forgets the source at `place`: its content was told of elsewhere."""
        with self._lock:
            self._sources.pop(place, None)
            self._unseen.pop(place, None)
            if any(fault.place == place for fault in self._faults):
                self._faults = {fault for fault in self._faults if fault.place != place}

    @property
    def faults(self) -> tuple[Fault, ...]:
        """In order of place and offset."""
        return tuple(sorted(self._faults, key=_FAULT_ORDER)[: self.FAULTS])

    @property
    def complete(self) -> bool:
        """Whether every analyzer saw every byte that can be seen."""
        return not any(state is State.MISSED for marks in self._unseen.values() for _, state, _ in marks)

    def __iter__(self) -> Iterator[Coverage]:
        """The ledger in order of place and analyzer; one source's lines at a time are in memory."""
        for place in sorted({*self._unseen, *self._sources}):
            yield from sorted(self._lines(place, self._unseen.get(place, {})), key=_LINE_ORDER)

    def _lines(self, place: Place, marks: dict[Line, Spans]) -> Iterator[Coverage]:
        not_seen: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for (analyzer, state, reason), ranges in marks.items():
            spans = merged(ranges)
            not_seen[analyzer] += spans
            yield Coverage(place, analyzer, state, reason, _sized(spans))
        size, analyzers = self._sources.get(place, (0, ()))
        whole = 0
        for analyzer in analyzers:
            if place and analyzer not in not_seen:
                whole += 1  # in a child all of these stand in one line
                continue
            seen = tuple(_gaps(merged(not_seen[analyzer]), size))
            if seen or not size:
                yield Coverage(place, analyzer, State.SEEN, "", _sized(seen))
        if whole:
            yield Coverage(place, OTHERS, State.SEEN, "", _sized(_gaps((), size)))

    def _mark(self, place: Place, line: Line, start: int, end: int) -> None:
        with self._lock:
            ranges = self._unseen[place][line]
            ranges.append((start, max(start, end)))
            if len(ranges) > 2 * self.RANGES:
                ranges[:] = _coarse(merged(ranges), self.RANGES)


def _sized(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end - start) for start, end in spans)


def _gaps(spans: tuple[tuple[int, int], ...], size: int) -> Iterator[tuple[int, int]]:
    at = 0
    for start, end in spans:
        if start > at:
            yield at, min(start, size)
        at = max(at, end)
    if at < size:
        yield at, size
