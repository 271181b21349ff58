"""Probes at work: the best candidates of each block are examined with fuel, and what they say is passed on.

One examination follows another in the order of the source, so that allowances are dealt the same way in every run.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rorqual.engine.candidates import Block
from rorqual.engine.guard import Guard
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

NESTING = 8  # regions announced by probes that regions woke


@dataclass(frozen=True, slots=True)
class LimitReached:
    """An allowance was used up; the ledger has the bytes that were not looked at for it."""

    tag: ClassVar[str] = "limit_reached"
    limit: str  # its name in the plan
    allowance: int
    dropped: int  # examinations, streams or ranges that were not made


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
    extents: list[tuple[int, int, Extent, str]] = field(default_factory=list)  # offset, end, claim, analyzer


class Probing:
    """Examines candidates and announced regions of one source."""

    def __init__(self, plan: Plan, patterns: Patterns, source: Source, guard: Guard, heard: Heard) -> None:
        self._plan = plan
        self._patterns = patterns
        self._source = source
        self._guard = guard
        self._heard = heard

    def examine_block(self, number: int, block: Block, start: int, end: int) -> None:
        """Examines the candidates of block `number`, which covers bytes `start` to `end` of the source."""
        ration = self._plan.limits.ration
        chosen = [
            (offset, probe, number) for probe, best in block.best.items() for offset, number in best.chosen(ration)
        ]
        left = dict.fromkeys(block.best, self._plan.limits.block_fuel)
        for offset, probe, pattern in sorted(chosen):
            fuel = Fuel(min(self._plan.limits.fuel, left[probe]))
            self._examine(probe, offset, self._patterns[pattern].anchor, fuel)
            left[probe] -= min(fuel.allowance, fuel.allowance - fuel.left)
        for probe, best in sorted(block.best.items(), key=lambda item: item[0]):
            if len(best.kept) > ration:
                dropped = best.passed - ration
                self._limit(self._plan.probes[probe].name, LimitReached("ration", ration, dropped), start, end)

    def announce(self, kind: str, offset: int, *, size: int | None = None, nesting: int = 0) -> None:
        """Wakes the probes of this kind at `offset`."""
        for probe in self._plan.woken_by(kind):
            fuel = Fuel(self._plan.limits.fuel)
            self._examine(probe, offset, Kind(kind), fuel, size=size, nesting=nesting)

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
            fuel_used = LimitReached("fuel", outcome.limit.allowance, 1)
            self._limit(analyzer.name, fuel_used, offset, offset + (size or 1))
        for region in woken:
            at = offset + region.at
            if nesting < NESTING:
                self.announce(region.kind, at, size=region.size, nesting=nesting + 1)
            else:
                self._limit(analyzer.name, LimitReached("nesting", NESTING, 1), at, at + (region.size or 1))

    @staticmethod
    def _until_malformed(said: Iterator[Said]) -> Iterator[Said]:
        try:
            yield from said
        except Malformed:
            return  # not what the trigger hoped for; what was proven before stands

    def _pass_on(self, said: Said, hit: Hit, woken: deque[Region]) -> None:
        match said:
            case Finding():
                self._heard.finding(said)
            case RangeDigest() | TailDigest():
                self._heard.digest(said, hit.analyzer)
            case Extent():
                start = hit.offset + said.at
                self._heard.extents.append((start, start + said.size, said, hit.analyzer))
            case Region(through=None):
                woken.append(said)
            case Region(through=Codec() as codec):
                self._heard.encoded.append(Encoded(hit.offset + said.at, said.size, codec, hit.analyzer))
            case _:
                raise TypeError(f"{type(said).__name__}: not something a probe may say")

    def _limit(self, analyzer: str, body: LimitReached, start: int, end: int) -> None:
        self._heard.finding(Finding(self._guard.place, start, end - start, analyzer, body))
        self._guard.ledger.miss(self._guard.place, analyzer, Reason.LIMIT, start, end)
