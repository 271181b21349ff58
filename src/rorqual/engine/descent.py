"""Down the levels: the file, then what decodes out of it, level by level; then judgement, from the bottom up.

Children are sorted before allowances are dealt. Equal content is analysed once, at the shallowest and then the
smallest place, and pointed at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import BinaryIO, ClassVar

from rorqual.engine.claims import check_finding
from rorqual.engine.followed import Followed
from rorqual.engine.guard import ENGINE, Guard
from rorqual.engine.limits import LimitReached
from rorqual.engine.probing import Encoded
from rorqual.engine.sweep import Sweep, Tools
from rorqual.findings.bodies import Digest, FileType, Summary, Verdict
from rorqual.findings.journal import Journal
from rorqual.findings.ledger import Ledger, Reason
from rorqual.findings.record import Finding, Place
from rorqual.findings.report import Child
from rorqual.frozen import frozen
from rorqual.sdk import Body, Codec, Judge, Malformed
from rorqual.sources.part import PartSource
from rorqual.sources.spool import Spill, SpooledSource, draw_pieces
from rorqual.sources.view import Source

PART, CARVED = Codec("part", None), Codec("carved", None)
CHILD_LEASE = 1 << 20  # bytes of journal for a child's findings until it is known to be new, and for opinions


@frozen
class BrokenStream:
    """A stream that ends before it should; what had come out of it until then is a child all the same."""

    tag: ClassVar[str] = "broken_stream"
    codec: str
    decoded: int  # bytes
    expected: str  # where the finding begins


@dataclass
class Level:
    """What one source is and what waits below it."""

    place: Place
    source: Source
    size: int
    encoded: list[Encoded]
    spill: Spill | None  # where its bytes are; None: in what the scan began with
    left: dict[tuple[int, str], tuple["Level", Encoded]] = field(default_factory=dict)
    # what its parent leaves to it, which is a part: streams of unknown size, by (offset here, codec)

    @cached_property
    def met(self) -> set[tuple[int, str | int | None]]:
        """What was met in it: (offset, codec) of streams, (offset, size) of parts."""
        return {(one.offset, one.codec.name if one.codec.decode else one.size) for one in self.encoded}


@dataclass
class Descent:
    """A scan on its way down. `journal` and `ledger` have what was said; `children` and `size` what there is."""

    tools: Tools
    journal: Journal
    ledger: Ledger
    open_spill: Callable[[], BinaryIO]
    kept: Callable[[Child, Source], None] | None = None  # told of each new child while its bytes are at hand
    children: list[Child] = field(default_factory=list)
    size: int = 0
    _output: int = 0  # decoded bytes so far
    _parted: int = 0  # bytes of children that are parts of their parent
    _parts: set[Place] = field(default_factory=set)  # children that are parts of their parent
    _known: dict[tuple[int, str], Place] = field(default_factory=dict)  # (size, SHA-256): where it was analysed
    _members: set[tuple[Place, int]] = field(default_factory=set)  # (where analysed, hash of what a codec knows in it)
    _broken: list[tuple[Level, Encoded]] = field(default_factory=list)  # in a part, and may go on behind its end
    _unjudged: dict[Place, int] = field(default_factory=dict)  # sizes of sources that have others below them
    _summaries: dict[Place, list[tuple[Place, Finding]]] = field(default_factory=dict)  # of children, by parent
    _types: dict[Place, FileType] = field(default_factory=dict)

    def run(self, source: Source, expected: int | None) -> None:
        """Sweeps the source and all that decodes out of it, then lets the judges weigh."""
        sweep = self._sweep(source, expected, (), self.journal)
        self.size = sweep.size
        self._remember((), sweep.size, _digests((), self.journal))
        self._unjudged[()] = sweep.size
        level = [Level((), source, sweep.size, _below(sweep), None)]
        spills: list[Spill] = []
        while level:
            spills.append(Spill(self.open_spill))  # one file takes the streams of a level
            level = list(self._descend(level, spills[-1]))
            for spill in spills:
                if all(one.spill is not spill for one in level):
                    spill.close()
        self._judge_rest()
        self.children = [_typed(child, self._types) for child in sorted(self.children, key=lambda child: child.place)]

    def _sweep(self, source: Source, expected: int | None, place: Place, journal: Journal) -> Sweep:
        sweep = Sweep(source, expected, self.tools, Guard(self.ledger, place), journal)
        sweep.run()
        plan = self.tools.plan
        self.ledger.rest(place, plan.resting)
        self.ledger.close(place, sweep.size, plan.lookers)
        return sweep

    def _descend(self, level: list[Level], spill: Spill) -> Iterator[Level]:
        for parent in level:
            places: set[Place] = set()
            told: set[tuple[Place, int | None]] = set()
            extents: set[tuple[int, int | None]] = set()  # of children that are parts
            parts: set[tuple[str, int]] = set()  # (codec, offset) where a stream decoded before goes on
            refused: list[Encoded] = []  # beyond the limit of children
            within = (0, 0)  # the last child that is a part: what lies in it and is found again there is left to it
            part: Level | None = None  # that child, if it has something in it
            for encoded in sorted(parent.encoded, key=_child_order):
                inside = within[0] <= encoded.origin < within[1] and encoded.offset < within[1] >= _end(encoded)
                if inside and _leaves(parent, encoded, part, within[0]):
                    continue
                place = (*parent.place, (encoded.offset, encoded.codec.name))
                extent = (encoded.offset, encoded.size)
                if encoded.codec.decode is None:
                    if extent in extents:
                        continue  # the same bytes, handed on twice
                    extents.add(extent)
                stream = (place, encoded.size)
                if stream in told or (place in places and encoded.codec.decode is not None):
                    continue  # the same stream, found twice
                told.add(stream)
                if place in places:
                    place = (*parent.place, (encoded.offset, f"{encoded.codec.name}-{encoded.size:#x}"))
                places.add(place)
                if (encoded.codec.name, encoded.offset) in parts:
                    continue
                limits = self.tools.plan.limits
                if len(place) > limits.depth:
                    self._refuse(parent.place, encoded, "depth", limits.depth)
                elif len(self.children) >= limits.children:
                    refused.append(encoded)
                else:
                    known = len(self.children)
                    child = self._decode(parent, encoded, place, spill=spill, parts=parts)
                    new = len(self.children) > known and self.children[-1].same_as is None
                    if new and encoded.codec.decode is None:
                        within, part = (encoded.offset, _end(encoded)), child
                    if child is not None:
                        yield child
            self._refuse_all(parent.place, refused)
            yield from self._go_on(spill)

    def _go_on(self, spill: Spill) -> Iterator[Level]:
        """Decodes what broke off at the end of a part from what that is a part of."""
        while self._broken:
            above, encoded = self._broken.pop()
            if len(self.children) >= self.tools.plan.limits.children:
                self._refuse_all(above.place, [encoded])
                continue
            place = (*above.place, (encoded.offset, encoded.codec.name))
            child = self._decode(above, encoded, place, spill=spill, parts=set())
            if child is not None:
                yield child

    def _decode(
        self, parent: Level, encoded: Encoded, place: Place, *, spill: Spill, parts: set[tuple[str, int]]
    ) -> Level | None:
        source: SpooledSource | PartSource
        if encoded.codec.decode is None:
            assert encoded.size is not None  # claims.py saw to it
            size = max(0, min(encoded.size, parent.size - encoded.offset))
            if self._parted + size > self.tools.plan.limits.overlap * (self.size + self._output):
                self._refuse(parent.place, encoded, "overlap", self.tools.plan.limits.overlap)
                return None
            self._parted += size
            self._parts.add(place)
            source = PartSource(parent.source, encoded.offset, size)
        else:
            pieces = self._pieces(parent, encoded, parts)
            source = SpooledSource(draw_pieces(pieces), spill, self.tools.plan.limits.spool)
        said = Journal(CHILD_LEASE, self.open_spill)
        sweep = self._sweep(source, None, place, said)
        digests = _digests(place, said)
        same_as = self._remember(place, sweep.size, digests)
        self.children.append(Child(place, sweep.size, None, digests, same_as, encoded.name))
        if same_as is None and self.kept is not None:
            self.kept(self.children[-1], source)
        members = (same_as or place, hash(encoded.codec.parts))
        below = _below(sweep, encoded) if same_as is None else []
        if encoded.codec.parts and same_as is not None and members not in self._members:
            below = _members(sweep, encoded)  # the same content may be one stream here and many files there
        self._members.add(members)
        if below and same_as is None:
            self._unjudged[place] = sweep.size
        elif same_as is None:
            self._judge(place, sweep.size, said, said)
        if same_as is None:
            self.journal.absorb(said)
        else:
            self.ledger.drop(place)
        said.close()
        if isinstance(source, PartSource):
            return Level(place, source, sweep.size, below, parent.spill) if below else None
        if not below:
            source.release()
            return None
        return Level(place, source, sweep.size, below, spill)

    def _pieces(self, parent: Level, encoded: Encoded, parts: set[tuple[str, int]]) -> Iterator[bytes]:
        """What the codec puts out, held to the plan's ratio; a break ends it."""
        codec = encoded.codec
        assert codec.decode is not None
        limits, guard = self.tools.plan.limits, Guard(self.ledger, parent.place)
        end = encoded.offset + (encoded.size or 1)
        view = Followed(parent.source, parent.place, encoded, parts)
        total = 0
        with guard.watch(encoded.analyzer, encoded.offset, end):
            try:
                for piece in codec.decode(view):
                    if not isinstance(piece, bytes):
                        raise TypeError(f"codec {codec.name}: yields {type(piece).__name__}, not bytes")
                    total += len(piece)
                    self._output += len(piece)
                    free = self._output <= limits.free_output
                    if not free and total > limits.ratio * view.consumed:
                        self._refuse(parent.place, encoded, "ratio", limits.ratio)
                        return
                    yield piece
            except Malformed as broken:
                again = parent.left.get((encoded.offset, codec.name))
                if again is not None and encoded.offset + view.consumed >= parent.size:
                    self._broken.append(again)
                body = BrokenStream(codec.name, total, broken.expected)
                start = max(encoded.offset, broken.offset - 1)
                end = max(end, start + 1)
                self.journal.append(Finding(parent.place, start, max(0, end - start), encoded.analyzer, body))
                self.ledger.opaque(parent.place, encoded.analyzer, f"broken {codec.name} stream", start, end)

    def _refuse(self, place: Place, encoded: Encoded, limit: str, allowance: int) -> None:
        size = encoded.size or 1
        body = LimitReached(limit, allowance, 1)
        self.journal.append(Finding(place, encoded.offset, size, encoded.analyzer, body))
        self.ledger.miss(place, encoded.analyzer, Reason.LIMIT, encoded.offset, encoded.offset + size)

    def _refuse_all(self, place: Place, refused: list[Encoded]) -> None:
        """Tells of those beyond the limit of children: for each analyzer how many, in one finding."""
        limit = self.tools.plan.limits.children
        for analyzer in sorted({one.analyzer for one in refused}):
            mine = [one for one in refused if one.analyzer == analyzer]
            for one in mine:
                self.ledger.miss(place, analyzer, Reason.LIMIT, one.offset, one.offset + (one.size or 1))
            start, end = mine[0].offset, max(one.offset + (one.size or 1) for one in mine)
            body = LimitReached("children", limit, len(mine))
            self.journal.append(Finding(place, start, end - start, analyzer, body))

    def _remember(self, place: Place, size: int, digests: tuple[Digest, ...]) -> Place | None:
        """Where the same content was analysed before, if it was."""
        for digest in digests:
            if digest.algorithm == "sha256":
                first = self._known.setdefault((size, digest.value), place)
                return None if first == place else first
        return None

    def _judge_rest(self) -> None:
        """Lets the judges weigh the sources that have others below them, after those."""
        said = Journal(CHILD_LEASE, self.open_spill)  # what is read meanwhile stays sorted
        for place in sorted(self._unjudged, reverse=True):
            self._judge(place, self._unjudged[place], self.journal, said)
        self.journal.absorb(said)
        said.close()

    def _judge(self, place: Place, size: int, facts: Journal, said: Journal) -> None:
        """Lets the judges weigh one source."""
        opinions = [summary for _, summary in sorted(self._summaries.pop(place, ()), key=lambda one: one[0])]
        for judge in self.tools.plan.judges:
            opinions += self._weigh(judge, place, size, facts, opinions)
        for opinion in opinions:
            said.append(opinion)
        found = next((one.body for one in opinions if isinstance(one.body, FileType)), None)
        if found is not None:
            self._types[place] = found
        if place:
            kinds = sorted({one.body.kind for one in opinions if isinstance(one.body, Verdict)})
            format_id, part = found.format if found else None, place in self._parts
            summary = Summary(size, format_id, tuple(kinds), place[-1][1], part)
            above = Finding(place[:-1], place[-1][0], 0, ENGINE, summary)
            self._summaries.setdefault(place[:-1], []).append((place, above))

    def _weigh(self, judge: Judge, place: Place, size: int, facts: Journal, opinions: list[Finding]) -> list[Finding]:
        said: list[Finding] = []
        reads: tuple[type[Body], ...] = tuple(judge.reads)
        found = (record.finding() for record in facts.at(place, *reads)) if reads else iter(())
        heard = [one for one in opinions if isinstance(one.body, reads)]
        with Guard(self.ledger, place).watch(judge.name, 0, size):
            for finding in judge.weigh(chain(found, heard), place):
                check_finding(finding, place)
                said.append(finding)
        return said


def _below(sweep: Sweep, encoded: Encoded | None = None) -> list[Encoded]:
    """What waits below a source: what its probes announced, what the codec that made it knows of its parts, and what
    formats claim further in and nobody announced."""
    announced = sweep.heard.encoded
    if encoded is not None:
        announced += _members(sweep, encoded)
    # What a container around it decodes is told by that; else its own probe decodes a stream, and it is carved too.
    held = {(one.offset, one.size) for one in announced if one.codec.decode is not None and one.origin != one.offset}
    announced = [one for one in announced if one.origin != one.offset or (one.offset, one.size) not in held]
    known = held | {(one.offset, one.size) for one in announced if one.codec.decode is None}
    claims = {
        (start, end - start)
        for start, end, format_id in sweep.heard.extents
        if 0 < start < end <= sweep.size and "-" not in format_id  # a table of an executable is no file
    }
    return announced + [Encoded(start, size, CARVED, ENGINE, None, start) for start, size in sorted(claims - known)]


def _members(sweep: Sweep, encoded: Encoded) -> list[Encoded]:
    """What the codec that made a source knows of its parts."""
    parts = (part for part in encoded.codec.parts if part.at < sweep.size)
    return [Encoded(part.at, part.size, PART, encoded.analyzer, part.name, part.at) for part in parts]


def _leaves(parent: Level, encoded: Encoded, part: Level | None, start: int) -> bool:
    """Whether what was met in the bytes of a part that begins at `start` was met in that again."""
    at = encoded.offset - start
    if encoded.codec is CARVED and at == 0:
        return True  # what it begins with is its own
    if part is None:
        return False
    if encoded.codec.decode is None:
        return (at, encoded.size) in part.met or (at, encoded.size) == (0, part.size)
    if encoded.size is None and start + part.size < parent.size:  # it may go on behind the part
        part.left[at, encoded.codec.name] = (parent, encoded)
    return (at, encoded.codec.name) in part.met


def _end(encoded: Encoded) -> int:
    """Where it ends, or at least begins to be read."""
    return encoded.offset + (encoded.size or 0)


def _child_order(encoded: Encoded) -> tuple[int, int, str, str]:
    """By offset; of parts that begin at one the largest first, which holds the others."""
    size = -1 if encoded.size is None else encoded.size
    return encoded.offset, size if encoded.codec.decode else -size, encoded.codec.name, encoded.analyzer


def _digests(place: Place, said: Journal) -> tuple[Digest, ...]:
    return tuple(body for record in said.at(place, Digest) if isinstance(body := record.body, Digest))


def _typed(child: Child, types: dict[Place, FileType]) -> Child:
    return replace(child, type=types.get(child.same_as or child.place))
