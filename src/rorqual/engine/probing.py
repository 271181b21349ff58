"""Probes at work: the best candidates of each block are examined with fuel, and what they say is passed on.

One examination follows another in the order of the source, so that allowances are dealt the same way in every run.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from rorqual.engine.candidates import BLOCK, Block
from rorqual.engine.claims import check_said
from rorqual.engine.guard import Guard
from rorqual.engine.limits import LimitReached
from rorqual.engine.patterns import Patterns
from rorqual.engine.plan import Plan
from rorqual.findings.ledger import Reason
from rorqual.findings.record import Finding
from rorqual.frozen import frozen
from rorqual.sdk import (
    Anchor,
    Claim,
    Closed,
    Codec,
    Extent,
    Fuel,
    Hit,
    Kind,
    Malformed,
    RangeDigest,
    Refused,
    Region,
    Said,
    TailDigest,
    Unreadable,
    View,
    format_of,
)
from rorqual.sources.view import Source

CANDIDATE = "candidate:"  # what a fold spotted is looked at when all else has been said
HEAD = 64  # bytes of a source that `heads` are compared with
LEAST_FUEL = 4096  # bytes: with less no header is read
WOKEN = 4  # times the fuel of an examination are for all probes that it wakes, if by way of others
WOKEN_SHARES = 4  # a quarter of it is for one of them, so that one that burns all of its own leaves the others theirs
FINDING_FUEL = 4096  # units: what a finding costs to identify, sort and keep, about 50 µs
ALONE = {"archive", "database", "document", "executable", "filesystem", "font", "image"}  # families of formats
CLAIM_FUEL = 512  # and what anything else that is said costs


@frozen
class Encoded:
    """A region that decodes into a source of its own."""

    offset: int
    size: int | None
    codec: Codec
    analyzer: str
    name: str | None = None  # what the container calls it
    origin: int = 0  # where the structure that announced it was met


@dataclass
class Heard:
    """What the probes of one source said, by where it goes."""

    finding: Callable[[Finding], None]
    digest: Callable[[RangeDigest | TailDigest, str], None]
    encoded: list[Encoded] = field(default_factory=list)
    extents: list[tuple[int, int, str]] = field(default_factory=list)  # start, end, format


@dataclass(slots=True)
class Tank:
    """What all probes together may use that one examination, of `origin`, sets going, and `share` what each may."""

    origin: int
    share: int
    left: int


class Probing:
    """Examines candidates and announced regions of one source."""

    def __init__(self, plan: Plan, patterns: Patterns, source: Source, guard: Guard, heard: Heard) -> None:
        self._plan = plan
        self._patterns = patterns
        self._source = source
        self._guard = guard
        self._heard = heard
        self._ends: dict[str, int | None] = {}  # by codec: where its last stream of known size ended
        self._spent = [0] * len(plan.probes)
        self._head: bytes | None = None  # how the source begins, once that was asked for
        self._dropped: dict[tuple[str, str], tuple[int, int, int]] = {}  # by analyzer and limit: how many, from, to

    def examine_block(self, block: Block, start: int, end: int) -> None:
        """Examines the candidates of a block, which covers bytes `start` to `end` of the source."""
        limits = self._plan.limits
        chosen = [
            (offset, probe, number)
            for probe, best in block.best.items()
            for offset, number in best.chosen(limits.ration)
        ]
        unfuelled = dict.fromkeys(block.best, 0)
        for offset, probe, pattern in sorted(chosen):
            if not self._fuelled(probe, offset, self._patterns[pattern].anchor):
                unfuelled[probe] += 1
        for probe, best in sorted(block.best.items(), key=lambda item: item[0]):
            name = self._plan.probes[probe].name
            if unfuelled[probe]:
                self._limit(name, LimitReached("block_fuel", limits.block_fuel, unfuelled[probe]), start, end)
            if len(best.kept) > limits.ration:
                self._limit(name, LimitReached("ration", limits.ration, best.passed - limits.ration), start, end)

    def announce(self, kind: str, offset: int, *, size: int | None = None, context: object = None) -> None:
        """Wakes the probes of this kind at `offset`."""
        trigger = Kind(kind)
        for probe in self._plan.woken_by(kind):
            if kind == "end" and not self._begins(probe):
                continue
            if not self._fuelled(probe, offset, trigger, size=size, context=context):
                body = LimitReached("block_fuel", self._plan.limits.block_fuel, 1)
                self._limit(self._plan.probes[probe].name, body, offset, offset + (size or 1))

    def _begins(self, probe: int) -> bool:
        """Whether the source begins as the probe wants it of one at whose end it looks."""
        heads: tuple[bytes, ...] = getattr(self._plan.probes[probe], "heads", ())
        if heads and self._head is None:
            try:
                self._head = self._source.read_at(0, HEAD)
            except Unreadable:
                return True  # it finds out by itself, and answers for it
        return not heads or self._head is None or self._head.startswith(heads)

    def _fuelled(
        self, probe: int, offset: int, trigger: Anchor | Kind, *, size: int | None = None, context: object = None
    ) -> bool:
        """Examines on what the probe may still use up to here: one examination's worth, and so much for each block."""
        limits = self._plan.limits
        earned = limits.fuel + (offset // BLOCK + 1) * limits.block_fuel
        fuel = Fuel(min(limits.fuel, earned - self._spent[probe]))
        if fuel.allowance < LEAST_FUEL:
            return False
        tank = Tank(offset, fuel.allowance // WOKEN_SHARES, WOKEN * fuel.allowance)
        self._examine(probe, offset, trigger, fuel, tank, size=size, context=context)
        self._spent[probe] += fuel.allowance - max(0, fuel.left) + WOKEN * fuel.allowance - tank.left
        return True

    def _examine(
        self,
        probe: int,
        offset: int,
        trigger: Anchor | Kind,
        fuel: Fuel,
        tank: "Tank",
        *,
        size: int | None = None,
        context: object = None,
        nesting: int = 0,
    ) -> None:
        analyzer = self._plan.probes[probe]
        view = View(self._source, self._guard.place, offset, fuel=fuel)
        candidate = isinstance(trigger, Kind) and trigger.name.startswith(CANDIDATE)
        claims = tuple(sorted(self._heard.extents)) if candidate else ()
        hit = Hit(view, trigger, analyzer.name, size, context, claims, self._plan.passwords)
        woken: deque[Region] = deque()
        with self._guard.watch(analyzer.name, offset, offset + (size or 1)) as outcome:
            announces = tuple(getattr(analyzer, "announces", ()))
            for said in self._until_malformed(analyzer.examine(hit)):
                self._pass_on(said, hit, tank.origin, woken, announces)
        if outcome.limit is not None:
            self._limit(analyzer.name, LimitReached("fuel", outcome.limit.allowance, 1), offset, offset + (size or 1))
        for region in woken:
            for follower in self._plan.woken_by(region.kind):
                self._wake(follower, region, hit, tank, nesting + 1)

    def _wake(self, follower: int, region: Region, hit: Hit, tank: "Tank", nesting: int) -> None:
        """Wakes a probe on a region, from the tank of the first examination: regions multiply, fuel does not."""
        limits, at = self._plan.limits, hit.offset + region.at
        name, end = self._plan.probes[follower].name, at + (region.size or 1)
        fuel = Fuel(min(tank.share, tank.left))
        if nesting > limits.nesting:
            self._limit(name, LimitReached("nesting", limits.nesting, 1), at, end)
        elif fuel.allowance < min(LEAST_FUEL, tank.share):
            self._limit(name, LimitReached("fuel", limits.fuel, 1), at, end)
        else:
            trigger = Kind(region.kind)
            self._examine(follower, at, trigger, fuel, tank, size=region.size, context=region.context, nesting=nesting)
            tank.left -= fuel.allowance - max(0, fuel.left)

    @staticmethod
    def _until_malformed(said: Iterator[Said]) -> Iterator[Said]:
        try:
            yield from said
        except Malformed:
            return  # not what the trigger hoped for; what was proven before stands

    def _pass_on(self, said: Said, hit: Hit, origin: int, woken: deque[Region], announces: tuple[str, ...]) -> None:
        check_said(said, hit, self._guard.place, announces)
        hit.view.fuel.burn(FINDING_FUEL if isinstance(said, Finding | RangeDigest | Extent) else CLAIM_FUEL, hit.offset)
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
                self._encoded(Encoded(hit.offset + said.at, said.size, codec, hit.analyzer, said.name, origin))
            case Closed():
                start = hit.offset + said.at
                self._guard.ledger.opaque(self._guard.place, hit.analyzer, said.why, start, start + said.size)
            case Refused():
                start = hit.offset + said.at
                body = LimitReached(said.limit, said.allowance, 1)
                self._limit(hit.analyzer, body, start, start + said.size)

    def _extent(self, said: Extent, hit: Hit) -> None:
        """Takes a claim; one of the same format right behind the last lengthens it, if it is no file itself."""
        start, extents = hit.offset + said.at, self._heard.extents
        self._heard.finding(hit.finding(said.at, said.size, Claim(said.format, said.proof, said.accepts_at)))
        if extents and extents[-1][1] == start and extents[-1][2] == said.format and not _stands_alone(said.format):
            extents[-1] = (extents[-1][0], start + said.size, said.format)
        elif len(extents) < self._plan.limits.extents:
            extents.append((start, start + said.size, said.format))
        else:
            self._drop(hit.analyzer, "extents", start, start + said.size)

    def _encoded(self, found: Encoded) -> None:
        """Takes a stream to decode, unless it goes on where one of its kind has ended."""
        continues = found.codec.decode is not None and self._ends.get(found.codec.name) == found.offset
        self._ends[found.codec.name] = None if found.size is None else found.offset + found.size
        if continues:
            return
        if len(self._heard.encoded) < self._plan.limits.children:
            self._heard.encoded.append(found)
        else:
            self._drop(found.analyzer, "children", found.offset, found.offset + (found.size or 1))

    def close(self) -> None:
        """Tells what was dropped: of each limit and analyzer how many, in one finding."""
        for (analyzer, limit), (number, start, end) in sorted(self._dropped.items()):
            allowance = dict(self._plan.limits.items())[limit]
            self._heard.finding(
                Finding(self._guard.place, start, end - start, analyzer, LimitReached(limit, allowance, number))
            )

    def _drop(self, analyzer: str, limit: str, start: int, end: int) -> None:
        number, first, last = self._dropped.get((analyzer, limit), (0, start, end))
        self._dropped[analyzer, limit] = number + 1, min(first, start), max(last, end)
        self._guard.ledger.miss(self._guard.place, analyzer, Reason.LIMIT, start, end)

    def _limit(self, analyzer: str, body: LimitReached, start: int, end: int) -> None:
        self._heard.finding(Finding(self._guard.place, start, end - start, analyzer, body))
        self._guard.ledger.miss(self._guard.place, analyzer, Reason.LIMIT, start, end)


@cache
def _stands_alone(format_id: str) -> bool:
    """Whether two of the format in a row are two files; of others, as gzip's members, many are one stream."""
    try:
        return format_of(format_id).family in ALONE
    except KeyError:
        return False
