"""From hits to candidates: each hit passes its probe's prefilter, and each absolute 1 MiB block keeps the best few.

What is kept is the top of (score, then offset) for each probe and block: taking it is associative and commutative,
so that spans can be matched in any order by anyone.
"""

import heapq
from array import array
from collections import defaultdict
from dataclasses import dataclass, field

from rorqual.engine.guard import ENGINE, Guard, Outcome
from rorqual.engine.matcher import NUMBER_BITS
from rorqual.engine.patterns import Patterns
from rorqual.engine.plan import Plan
from rorqual.findings.ledger import Reason
from rorqual.sdk import Fuel, Malformed, OutOfFuel, View, Window
from rorqual.sources.view import Source

BLOCK = 1 << 20
PREFILTER_FUEL = 4096  # bytes a prefilter may read: a few fields
NUMBER_MASK = (1 << NUMBER_BITS) - 1


@dataclass(slots=True)
class Best:
    """The candidates of one probe in one block: one more than the ration, so that it shows when it did not suffice."""

    passed: int = 0  # hits that came through the prefilter
    kept: dict[int, tuple[int, int]] = field(default_factory=dict)  # offset: (score, number of the pattern)
    ranks: list[tuple[int, int]] = field(default_factory=list)  # a heap of (score, -offset), one for each kept

    def add(self, offset: int, score: int, number: int, ration: int) -> None:
        if offset in self.kept:
            self.kept[offset] = (score, min(number, self.kept[offset][1]))
            return
        rank = (score, -offset)
        if len(self.ranks) <= ration:
            heapq.heappush(self.ranks, rank)
        elif rank < self.ranks[0]:
            return
        else:
            del self.kept[-heapq.heappushpop(self.ranks, rank)[1]]
        self.kept[offset] = (score, number)

    def chosen(self, ration: int) -> list[tuple[int, int]]:
        """(offset, number of the pattern) of the best, at most `ration`, by offset."""
        ranked = sorted(self.kept.items(), key=lambda item: (-item[1][0], item[0]))
        return sorted((offset, number) for offset, (_, number) in ranked[:ration])


@dataclass(slots=True)
class Block:
    """The candidates of one block of the source, by probe."""

    best: dict[int, Best] = field(default_factory=lambda: defaultdict(Best))

    def add(self, probe: int, offset: int, score: int, number: int, ration: int) -> None:
        best = self.best[probe]
        best.passed += 1
        best.add(offset, score, number, ration)

    def merge(self, other: "Block", ration: int) -> None:
        for probe, theirs in other.best.items():
            best = self.best[probe]
            best.passed += theirs.passed
            for offset, (score, number) in theirs.kept.items():
                best.add(offset, score, number, ration)


class Sieve:
    """Lets the hits of one window through the prefilters."""

    def __init__(self, plan: Plan, patterns: Patterns, source: Source, guard: Guard, window: Window) -> None:
        self._plan = plan
        self._patterns = patterns
        # What a spool refuses, it must refuse wherever the window happens to be.
        ceiling = getattr(source, "ceiling", window.end)
        self._source: Source = _Near(source, window) if window.end <= ceiling else source
        self._guard = guard
        self.blocks: dict[int, Block] = {}  # what came through, by the block it ends in

    def sift(self, hits: "array[int]", base: int) -> None:
        """Takes packed hits, whose ends count from `base` in the source."""
        left = iter(hits)
        done = False
        while not done:
            # One guard for as many hits as go well: in a flood of decoys it would cost more than the prefilter.
            with self._guard.watch(ENGINE, base, base) as outcome:
                for packed in left:
                    self._try(packed, base, outcome)
                done = True

    def _try(self, packed: int, base: int, outcome: Outcome) -> None:
        pattern = self._patterns[packed & NUMBER_MASK]
        end = base + (packed >> NUMBER_BITS)
        offset = end - pattern.width - pattern.anchor.back
        if offset < 0:
            return
        probe = self._plan.probes[pattern.probe]
        outcome.analyzer, outcome.start, outcome.end = probe.name, offset, end
        try:
            score = probe.score(View(self._source, self._guard.place, offset, fuel=Fuel(PREFILTER_FUEL)))
        except Malformed:
            return
        except OutOfFuel:
            self._guard.ledger.miss(self._guard.place, probe.name, Reason.LIMIT, offset, end)
            return
        if score > 0:
            block = self.blocks.setdefault((end - 1) // BLOCK, Block())
            block.add(pattern.probe, offset, score, pattern.number, self._plan.limits.ration)


class _Near:
    """A source that has a window of it at hand: a prefilter's few bytes mostly lie there."""

    def __init__(self, source: Source, window: Window) -> None:
        self._source = source
        self._window = window.data
        self._start = window.offset
        self._end = window.end

    def read_at(self, offset: int, size: int, /) -> bytes:
        if self._start <= offset and offset + size <= self._end:
            at = offset - self._start
            return bytes(self._window[at : at + size])
        return self._source.read_at(offset, size)

    def read_into(self, offset: int, buffer: memoryview, /) -> int:
        return self._source.read_into(offset, buffer)
