"""Range digests: digests, sums and entropy over parts of a source, riding the sweep where the bytes are ahead.

What has passed already is read again. Either way the same allowance is dealt in the order of asking, so that a report
does not depend on which of the two it was. What rides is advanced in one loop with the digests of the whole source.
"""

import dataclasses
import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

from rorqual.digests import BlockDigest, advance, new
from rorqual.engine.claims import check_span
from rorqual.engine.guard import ENGINE, Guard, Outcome
from rorqual.engine.limits import LimitReached, Limits
from rorqual.findings.ledger import Reason
from rorqual.findings.record import Body, Finding
from rorqual.kernels import word_sum
from rorqual.sdk import Histogram, RangeDigest, TailDigest, Unreadable, Window, entropy, histogram
from rorqual.sources.view import Source

ENDLESS = 1 << 62  # beyond the end of any source
STEP = 1 << 20  # bytes read again at once
DIGESTS = {"md5", "sha1", "sha256", "sha384", "sha512"}
FIELDS = {*DIGESTS, "entropy", "sum16"}


Spans = tuple[tuple[int, int], ...]  # (start, end)
Part = tuple[BlockDigest, bytes | memoryview]  # a digest and what it is yet to take in


class Coverage:
    """How often each byte of a source is covered by ranges: a step function over their borders."""

    def __init__(self) -> None:
        self._borders = [0]
        self._depths = [0]  # from each border to the next

    def take(self, ranges: Spans, ceiling: int) -> bool:
        """Covers (start, end) ranges once more, unless a byte would be covered more than `ceiling` times."""
        for number, (start, end) in enumerate(ranges):
            first, last = bisect_right(self._borders, start) - 1, bisect_left(self._borders, end)
            if max(self._depths[first:last], default=0) >= ceiling:
                for taken in ranges[:number]:
                    self._add(*taken, -1)
                return False
            self._add(start, end, 1)
        return True

    def _add(self, start: int, end: int, times: int) -> None:
        first, last = self._cut(start), self._cut(end)
        for index in range(first, last):
            self._depths[index] += times

    def _cut(self, at: int) -> int:
        index = bisect_left(self._borders, at)
        if index == len(self._borders) or self._borders[index] != at:
            self._borders.insert(index, at)
            self._depths.insert(index, self._depths[index - 1])
        return index


class Words:
    """The sum of all little-endian 16-bit words; an odd last byte is the low half of one."""

    def __init__(self) -> None:
        self.total = 0
        self._odd = False  # the next byte is the high half of a word

    def update(self, data: bytes | memoryview) -> None:
        if self._odd and len(data):
            self.total += data[0] << 8
            data = data[1:]
            self._odd = False
        self.total += word_sum(data)
        self._odd ^= len(data) % 2 == 1


class Ride:
    """One range digest under way."""

    def __init__(self, spans: Spans, fields: tuple[str, ...], analyzer: str, asked: RangeDigest | None) -> None:
        self.ranges = spans
        self.fields = fields
        self.analyzer = analyzer
        self.asked = asked  # None: foretold, and nobody has asked yet
        self.hashers = {name: new(name) for name in fields if name in DIGESTS}
        self.words = Words() if "sum16" in fields else None
        self.histogram: Histogram = 0
        self.count = "entropy" in fields
        self.at = self.ranges[0][0] if self.ranges else 0  # the next byte wanted
        self.part = 0  # of ranges

    @property
    def done(self) -> bool:
        return self.part >= len(self.ranges)

    def feed(self, window: Window) -> list[Part]:
        """Takes what of the window comes next; the window holds the next byte wanted, or lies before it.

        What is returned is left to the caller, who may do it along with others.
        """
        left: list[Part] = []
        while not self.done:
            end = self.ranges[self.part][1]
            stop = min(end, window.end)
            if not window.offset <= self.at < stop:
                break
            advance(left)
            left = self._update(window.data[self.at - window.offset : stop - window.offset])
            if self.count:
                self.histogram += window.histogram(self.at, stop)
            self._go_on(stop)
        return left

    def reread(self, source: Source, until: int | None) -> None:
        """Takes what comes next and lies before `until` (None: all of it) from the source itself.

        Raises:
            Unreadable: the source ends or fails before the range does.
        """
        while not self.done and (until is None or self.at < until):
            end = self.ranges[self.part][1]
            stop = min(end, self.at + STEP, end if until is None else until)
            data = source.read_at(self.at, stop - self.at)
            if not data:
                raise Unreadable(self.at, f"a range digest to {end:#x} runs past the end")
            advance(self._update(data))
            if self.count:
                self.histogram += histogram(data)
            self._go_on(self.at + len(data))

    def conclude(self, asked: RangeDigest) -> Iterable[Finding]:
        """What comes of the finding that asked, once its fields are filled."""
        values: dict[str, object] = {name: hasher.hexdigest() for name, hasher in self.hashers.items()}
        if self.words is not None:
            values["sum16"] = self.words.total
        if self.count:
            values["entropy"] = round(entropy(self.histogram), 4)
        body = dataclasses.replace(cast(Any, asked.finding.body), **values)  # any frozen record with these fields
        filled = dataclasses.replace(asked.finding, body=cast(Body, body))
        return (filled,) if asked.then is None else asked.then(filled)

    def _update(self, data: bytes | memoryview) -> list[Part]:
        """Takes in what follows but for what is returned."""
        left = []
        for hasher in self.hashers.values():
            if isinstance(hasher, BlockDigest):
                left.append((hasher, data))
            else:
                hasher.update(data)
        if self.words is not None:
            self.words.update(data)
        return left

    def _go_on(self, at: int) -> None:
        self.at = at
        if at == self.ranges[self.part][1]:
            self.part += 1
            self.at = 0 if self.done else self.ranges[self.part][0]


class Ranges:
    """The range digests of one source."""

    def __init__(self, source: Source, limits: Limits, guard: Guard, say: Callable[[Finding], None]) -> None:
        self._source = source
        self._limits = limits
        self._guard = guard
        self._say = say
        self._coverage = Coverage()
        self._asked = 0
        self._rides: list[tuple[int, int, Ride]] = []  # a heap of (next byte wanted, number of asking, ride)
        self._tails: dict[tuple[int, tuple[str, ...]], Ride] = {}
        self._size: int | None = None  # of the source, once it has ended

    def ask(self, digest: RangeDigest | TailDigest, analyzer: str) -> None:
        """Takes a wish; one beyond the allowance keeps its finding, with empty fields, and a ledger entry."""
        unknown = set(digest.fields) - FIELDS
        if unknown:
            raise ValueError(f"range digest: {min(unknown)} is not one of {', '.join(sorted(FIELDS))}")
        if isinstance(digest, TailDigest):
            if (digest.offset, digest.fields) not in self._tails:
                spans: Spans = ((digest.offset, ENDLESS),)
                tail = self._start(spans, digest.fields, analyzer, None)
                if tail is not None:
                    self._tails[digest.offset, digest.fields] = tail
            return
        spans = tuple((offset, offset + size) for offset, size in digest.ranges if size > 0)
        # None of these is to the end before that is known.
        foretold = len(spans) == 1 and spans[0][1] == self._size
        tail = self._tails.pop((spans[0][0], digest.fields), None) if foretold else None
        if tail is not None and tail.at == self._size:
            self._conclude(tail, digest)
        elif tail is not None:  # foretold too late to have seen all: the rest is read again
            tail.ranges, tail.asked = spans, digest
        elif self._start(spans, digest.fields, analyzer, digest) is None:
            self._say(digest.finding)
            for start, end in spans:
                reached = LimitReached("overlap", self._limits.overlap, 1)
                if self._asked > self._limits.ranges:
                    reached = LimitReached("ranges", self._limits.ranges, 1)
                self._say(Finding(self._guard.place, start, end - start, analyzer, reached))
                self._guard.ledger.miss(self._guard.place, analyzer, Reason.LIMIT, start, end)

    def feed(self, window: Window, along: Sequence[BlockDigest] = ()) -> bool:
        """Serves all wishes from the next window, all of which the digests that go `along` take in.

        False: the machine failed, and those digests are worth nothing.
        """
        parts: list[Part] = [(digest, window.data) for digest in along]
        riding = []
        while self._rides and self._rides[0][0] < window.end:
            _, number, ride = heapq.heappop(self._rides)
            with self._watch(ride) as outcome:
                ride.reread(self._source, window.offset)
                parts += ride.feed(window)
            if outcome.ok:
                riding.append((number, ride))
            else:
                self._drop(ride)
        with self._guard.watch(ENGINE, window.offset, window.end) as outcome:
            advance(parts)
        for number, ride in riding:
            if outcome.ok:
                self._next(number, ride)
            else:
                for start, end in ride.ranges:
                    self._guard.ledger.miss(self._guard.place, ride.analyzer, Reason.MACHINE, start, end)
                self._drop(ride)
        return outcome.ok

    def end(self, size: int) -> None:
        """All windows have been served, of a source of that many bytes: what was foretold is there to be asked for."""
        self._size = size

    def finish(self) -> None:
        """Serves what is left, from the source itself."""
        while self._rides:
            _, number, ride = heapq.heappop(self._rides)
            if ride.asked is None:
                continue
            with self._watch(ride) as outcome:
                ride.reread(self._source, None)
            if outcome.ok:
                self._next(number, ride)
            else:
                self._drop(ride)

    def _start(self, spans: Spans, fields: tuple[str, ...], analyzer: str, asked: RangeDigest | None) -> Ride | None:
        """A new ride; None where the allowance is used up."""
        self._asked += 1
        if self._asked > self._limits.ranges or not self._coverage.take(spans, self._limits.overlap):
            return None
        ride = Ride(spans, fields, analyzer, asked)
        heapq.heappush(self._rides, (ride.at, self._asked, ride))
        return ride

    def _watch(self, ride: Ride) -> AbstractContextManager[Outcome]:
        return self._guard.watch(ride.analyzer, ride.at, ride.ranges[-1][1] if ride.ranges else ride.at)

    def _next(self, number: int, ride: Ride) -> None:
        """What becomes of a ride that went well so far."""
        if not ride.done:
            heapq.heappush(self._rides, (ride.at, number, ride))
        elif ride.asked is not None:
            self._conclude(ride, ride.asked)

    def _drop(self, ride: Ride) -> None:
        """A ride that fails leaves its finding as it was asked for; whoever asks for a tail may try again."""
        self._tails = {key: tail for key, tail in self._tails.items() if tail is not ride}
        if ride.asked is not None:
            self._say(ride.asked.finding)

    def _conclude(self, ride: Ride, asked: RangeDigest) -> None:
        finding = asked.finding
        with self._guard.watch(ride.analyzer, finding.offset, finding.offset + max(1, finding.size)) as outcome:
            for said in ride.conclude(asked):
                check_span(said, self._guard.place)
                self._say(said)
        if not outcome.ok:
            self._say(finding)
