"""Probes at work: the best candidates of each block are examined with fuel, and what they say is passed on.

One examination follows another in the order of the source, so that allowances are dealt the same way in every run.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rorqual.engine.candidates import Block
from rorqual.engine.claims import check_said
from rorqual.engine.guard import Guard
from rorqual.engine.limits import LimitReached
from rorqual.engine.patterns import Patterns
from rorqual.engine.plan import Plan
from rorqual.findings.ledger import Reason
from rorqual.findings.record import Finding
from rorqual.sdk import (
    Anchor,
    Codec,
    Extent,
    Fuel,
    Hit,
    Kind,
    Malformed,
    RangeDigest,
    Region,
    Said,
    TailDigest,
    View,
)
from rorqual.sources.view import Source

LEAST_FUEL = 4096  # bytes: with less no header is read


@dataclass(frozen=True, slots=True)
class Encoded:
    """A region that decodes into a source of its own."""

    offset: int
    size: int | None
    codec: Codec
    analyzer: str


@dataclass
class Heard:
    """What the probes of one source said, by where it goes."""

    finding: Callable[[Finding], None]
    digest: Callable[[RangeDigest | TailDigest, str], None]
    encoded: list[Encoded] = field(default_factory=list)
    extents: list[tuple[int, int, str]] = field(default_factory=list)  # start, end, format


class Probing:
    """Examines candidates and announced regions of one source."""

    def __init__(self, plan: Plan, patterns: Patterns, source: Source, guard: Guard, heard: Heard) -> None:
        self._plan = plan
        self._patterns = patterns
        self._source = source
        self._guard = guard
        self._heard = heard
        self._ends: dict[str, int | None] = {}  # by codec: where its last stream of known size ended

    def examine_block(self, block: Block, start: int, end: int) -> None:
        """Examines the candidates of a block, which covers bytes `start` to `end` of the source."""
        limits = self._plan.limits
        chosen = [
            (offset, probe, number)
            for probe, best in block.best.items()
            for offset, number in best.chosen(limits.ration)
        ]
        left = dict.fromkeys(block.best, limits.block_fuel)
        unfuelled = dict.fromkeys(block.best, 0)
        for offset, probe, pattern in sorted(chosen):
            fuel = Fuel(min(limits.fuel, left[probe]))
            if fuel.allowance < LEAST_FUEL:
                unfuelled[probe] += 1
                continue
            self._examine(probe, offset, self._patterns[pattern].anchor, fuel)
            left[probe] -= fuel.allowance - max(0, fuel.left)
        for probe, best in sorted(block.best.items(), key=lambda item: item[0]):
            name = self._plan.probes[probe].name
            if unfuelled[probe]:
                self._limit(name, LimitReached("block_fuel", limits.block_fuel, unfuelled[probe]), start, end)
            if len(best.kept) > limits.ration:
                self._limit(name, LimitReached("ration", limits.ration, best.passed - limits.ration), start, end)

    def announce(self, kind: str, offset: int, *, size: int | None = None) -> None:
        """Wakes the probes of this kind at `offset`."""
        for probe in self._plan.woken_by(kind):
            self._examine(probe, offset, Kind(kind), Fuel(self._plan.limits.fuel), size=size)

    def _examine(
        self,
        probe: int,
        offset: int,
        trigger: Anchor | Kind,
        fuel: Fuel,
        *,
        size: int | None = None,
        nesting: int = 0,
    ) -> None:
        analyzer = self._plan.probes[probe]
        view = View(self._source, self._guard.place, offset, fuel=fuel)
        hit = Hit(view, trigger, analyzer.name, size)
        woken: deque[Region] = deque()
        with self._guard.watch(analyzer.name, offset, offset + (size or 1)) as outcome:
            for said in self._until_malformed(analyzer.examine(hit)):
                self._pass_on(said, hit, woken)
        if outcome.limit is not None:
            self._limit(analyzer.name, LimitReached("fuel", outcome.limit.allowance, 1), offset, offset + (size or 1))
        for region in woken:  # on the fuel of who announced them: regions multiply, fuel does not
            at = offset + region.at
            for follower in self._plan.woken_by(region.kind):
                if nesting < self._plan.limits.nesting:
                    self._examine(follower, at, Kind(region.kind), fuel, size=region.size, nesting=nesting + 1)
                else:
                    dropped = LimitReached("nesting", self._plan.limits.nesting, 1)
                    self._limit(self._plan.probes[follower].name, dropped, at, at + (region.size or 1))

    @staticmethod
    def _until_malformed(said: Iterator[Said]) -> Iterator[Said]:
        try:
            yield from said
        except Malformed:
            return  # not what the trigger hoped for; what was proven before stands

    def _pass_on(self, said: Said, hit: Hit, woken: deque[Region]) -> None:
        check_said(said, hit, self._guard.place)
        match said:
            case Finding():
                self._heard.finding(said)
            case RangeDigest() | TailDigest():
                self._heard.digest(said, hit.analyzer)
            case Extent():
                self._extent(said, hit)
            case Region(through=None):
                woken.append(said)
            case Region(through=Codec() as codec):
                self._encoded(Encoded(hit.offset + said.at, said.size, codec, hit.analyzer))

    def _extent(self, said: Extent, hit: Hit) -> None:
        """Takes a claim; one of the same format right behind the last lengthens that one."""
        start, extents = hit.offset + said.at, self._heard.extents
        if extents and extents[-1][1] == start and extents[-1][2] == said.format:
            extents[-1] = (extents[-1][0], start + said.size, said.format)
        elif len(extents) < self._plan.limits.extents:
            extents.append((start, start + said.size, said.format))
        else:
            dropped = LimitReached("extents", self._plan.limits.extents, 1)
            self._limit(hit.analyzer, dropped, start, start + said.size)

    def _encoded(self, found: Encoded) -> None:
        """Takes a stream to decode, unless it goes on where one of its kind has ended."""
        continues = self._ends.get(found.codec.name) == found.offset
        self._ends[found.codec.name] = None if found.size is None else found.offset + found.size
        if continues:
            return
        if len(self._heard.encoded) < self._plan.limits.children:
            self._heard.encoded.append(found)
        else:
            dropped = LimitReached("children", self._plan.limits.children, 1)
            self._limit(found.analyzer, dropped, found.offset, found.offset + (found.size or 1))

    def _limit(self, analyzer: str, body: LimitReached, start: int, end: int) -> None:
        self._heard.finding(Finding(self._guard.place, start, end - start, analyzer, body))
        self._guard.ledger.miss(self._guard.place, analyzer, Reason.LIMIT, start, end)
