"""One source, swept: every byte is read once, and every window passes matcher, probes, range digests and folds."""

import threading
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, cast

from rorqual.engine.candidates import BLOCK, Block, Sieve
from rorqual.engine.claims import check_candidate, check_span
from rorqual.engine.gaps import gaps
from rorqual.engine.guard import ENGINE, Guard
from rorqual.engine.lanes import Convoy, Lane, Load
from rorqual.engine.matcher import Matcher, MatcherFailed
from rorqual.engine.memory import MARGIN
from rorqual.engine.patterns import Patterns
from rorqual.engine.plan import Plan
from rorqual.engine.probing import Heard, Probing
from rorqual.engine.ranges import Ranges
from rorqual.findings.journal import Journal
from rorqual.findings.ledger import Reason
from rorqual.findings.record import Finding
from rorqual.sdk import BlockDigest, Fold, Region, Unreadable, Window
from rorqual.sources.view import Source

MATCH_TRIES = 2
ALONE = 1 << 20  # bytes: a source that ends within is swept by one thread; starting another costs more than it saves


@dataclass
class Tools:
    """What a scan hands from source to source: nothing here depends on the bytes."""

    plan: Plan
    patterns: Patterns
    make_matcher: Callable[[], Matcher]
    workers: int
    buffers: list[memoryview]  # each of MARGIN bytes and a window
    matchers: SimpleQueue[Matcher] = field(default_factory=SimpleQueue)
    passed: Callable[[int], None] = lambda count: None  # told of the bytes of each window

    @property
    def window(self) -> int:
        """Bytes of a window."""
        return len(self.buffers[0]) - MARGIN


class Sweep:
    """The way of one source's bytes. `run` once; afterwards `size`, `encoded` and `extents` tell what came of it."""

    def __init__(self, source: Source, expected: int | None, tools: Tools, guard: Guard, journal: Journal) -> None:
        self._source = source
        self._expected = expected  # bytes, where the storage says so
        self._tools = tools
        self._guard = guard
        self._journal = journal
        plan = tools.plan
        self._ranges = Ranges(source, plan.limits, guard, journal.append)
        self.heard = Heard(journal.append, self._ranges.ask)
        self._probing = Probing(plan, tools.patterns, source, guard, self.heard)
        self._found: dict[int, dict[int, Block]] = {}  # by window: what the matcher's hits came to
        self._blocks: dict[int, Block] = {}  # of which not all windows have been matched
        self._tail = b""
        self._read = 0
        self._number = 0
        self.size = 0

    def run(self) -> None:
        """Sweeps the source from its first byte to its last."""
        self._probing.announce("start", 0)
        match = Lane("match", self._match, sequential=False)
        probe = Lane("probe", self._probe, sequential=True, after=match, holds=False)
        lines = [_FoldLine(fold, self._guard, self._journal) for fold in self._tools.plan.folds]
        digested = [line for line in lines if line.digested]
        # What a probe asks for rides along if it is asked in time; a spool may refuse to give again what has passed.
        patient = hasattr(self._source, "ceiling")
        digest = Lane("digest", partial(self._digest, digested), sequential=True, after=probe, patient=patient)
        lanes = [match, probe, digest]
        lanes += (Lane(line.name, line.work, sequential=line.sequential) for line in lines if not line.digested)
        lanes.sort(key=lambda lane: not lane.sequential and lane is not match)  # what cannot be split begins first
        tools = self._tools
        alone, waits = min(ALONE, tools.window), self._expected is None
        Convoy(self._fetch, len(tools.buffers), lanes, alone=alone, may_block=waits).run(tools.workers)
        self.size = self._read
        for number in sorted(self._blocks):
            self._examine(number)
        for line in lines:
            line.finish(self.size)
        self._ranges.end(self.size)
        self._probing.announce("end", self.size)
        regions = [region for line in lines for region in line.regions]
        for region in sorted(regions, key=lambda region: (region.at, region.size or 0, region.kind)):
            self._probing.announce(region.kind, region.at, size=region.size, context=region.context)
        for gap in gaps(self.heard.extents, self.size):
            self._journal.append(Finding(self._guard.place, gap.start, gap.end - gap.start, ENGINE, gap.body))
            self._probing.announce("gap", gap.start, size=gap.end - gap.start, context=tuple(regions))
        self._probing.close()
        self._ranges.finish()

    def _fetch(self, buffer: int) -> Load | None:
        warm = len(self._tail)
        view = self._tools.buffers[buffer][MARGIN - warm :]
        view[:warm] = self._tail
        try:
            got = self._source.read_into(self._read, view[warm:])
        except Unreadable as error:
            self._stop(error.offset, Reason(error.reason), error.why)
            return None
        if not got:
            if self._expected is not None and self._read < self._expected:
                why = f"the file ends here, of {self._expected} bytes when it was opened"
                self._stop(self._read, Reason.CHANGED, why)
            return None
        window = Window(self._read, view[warm : warm + got])
        load = Load(self._number, window, view[: warm + got], warm, buffer)
        self._tail = bytes(view[max(0, warm + got - self._tools.patterns.warm) : warm + got])
        self._read += got
        self._number += 1
        self._tools.passed(got)
        return load

    def _stop(self, offset: int, reason: Reason, why: str) -> None:
        """The storage gave no more: nobody saw what lies behind."""
        end = max(offset, self._expected or offset)
        self._guard.fault(ENGINE, reason, why, offset, end)
        for name in self._tools.plan.names:
            self._guard.ledger.miss(self._guard.place, name, reason, offset, end)

    def _match(self, load: Load) -> None:
        tools, window = self._tools, load.window
        if not tools.patterns:
            return
        for _ in range(MATCH_TRIES):
            sieve = Sieve(tools.plan, tools.patterns, self._source, self._guard, window)
            base = window.offset - load.warm

            def deliver(hits: "array[int]", base: int = base, sieve: Sieve = sieve) -> None:
                sieve.sift(hits, base)

            try:
                matcher = self._matcher()
                matcher.match(load.warmed, load.warm, deliver)
            except MatcherFailed as error:
                failure = str(error)
                continue
            tools.matchers.put(matcher)
            self._found[load.number] = sieve.blocks
            return
        for probe in tools.plan.probes:
            self._guard.fault(probe.name, Reason.FAULT, f"matcher: {failure}", window.offset, window.end)

    def _matcher(self) -> Matcher:
        try:
            return self._tools.matchers.get_nowait()
        except Empty:
            return self._tools.make_matcher()

    def _probe(self, load: Load) -> None:
        ration = self._tools.plan.limits.ration
        for number, block in self._found.pop(load.number, {}).items():
            if number in self._blocks:
                self._blocks[number].merge(block, ration)
            else:
                self._blocks[number] = block
        for number in sorted(number for number in self._blocks if (number + 1) * BLOCK <= load.window.end):
            self._examine(number)

    def _examine(self, number: int) -> None:
        start = number * BLOCK
        self._probing.examine_block(self._blocks.pop(number), start, min(start + BLOCK, self._read))

    def _digest(self, lines: "list[_FoldLine]", load: Load) -> None:
        sound = [line for line in lines if not line.broken]
        if not self._ranges.feed(load.window, [line.digest for line in sound]):
            for line in sound:
                line.broken = True


class _FoldLine:
    """One fold along one source: fed in order where it is sequential, else in parts that are merged in order."""

    def __init__(self, fold: Fold, guard: Guard, journal: Journal) -> None:
        self.name = fold.name
        self.sequential = fold.sequential
        self.digested = hasattr(type(fold), "digest")  # in place of being fed; who wraps a fold is fed
        self._guard = guard
        self._journal = journal
        self.regions: list[Region] = []  # what it spotted; probes look at it once the source has ended
        self._parts: dict[int, Fold] = {}
        self._next = 0
        self._lock = threading.Lock()
        with guard.watch(self.name, 0, 0) as outcome:
            self.state = fold.fresh()
        self.broken = not outcome.ok

    @property
    def digest(self) -> BlockDigest:
        """What is to be fed instead, of one that is `digested`."""
        return cast(BlockDigest, cast(Any, self.state).digest)

    def work(self, load: Load) -> None:
        if self.broken:
            return
        window = load.window
        with self._guard.watch(self.name, 0, window.end) as outcome:  # all that it says rests on all it was fed
            if self.sequential:
                self.state.feed(window)
                self._drain()
            else:
                part = self.state.fresh()
                part.feed(window)
                with self._lock:
                    self._parts[load.number] = part
                    while self._next in self._parts:
                        self.state.merge(self._parts.pop(self._next))
                        self._next += 1
                        self._drain()
        self.broken = self.broken or not outcome.ok

    def finish(self, size: int) -> None:
        if not self.broken:
            with self._guard.watch(self.name, 0, size) as outcome:
                self._say(self.state.finish(self._guard.place))
            self.broken = not outcome.ok
        if self.broken:  # what it would have said of the rest rests on what it did not see
            self._guard.ledger.miss(self._guard.place, self.name, Reason.FAULT, 0, size)

    def _drain(self) -> None:
        self._say(self.state.drain(self._guard.place))

    def _say(self, said: Iterable[Finding | Region]) -> None:
        for one in said:
            if isinstance(one, Region):
                check_candidate(one, getattr(self.state, "announces", ()))
                self.regions.append(one)
                continue
            check_span(one, self._guard.place)
            self._journal.append(one)
