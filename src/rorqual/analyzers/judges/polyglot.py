"""One file, several formats: `polyglot`, `appended`, `self-extracting` and `embedded`, from what formats claim.

A claim is *accepted* where the ordinary readers of its format look for it (`Claim.accepts_at`). Two formats that are
both accepted are a polyglot, by the technique that their extents tell (Albertini, Mitra,
https://github.com/corkami/mitra): one behind the other is a *stack*; one inside room that the other's readers pass
over a *parasite*, or where it precedes the other's own first byte a *cavity*; two that reach into one another a
*zipper*. What a container holds as its ordinary content, a member, a picture, a resource, is embedded in it, and an
executable followed by archives is what installers are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rorqual.analyzers.folds.entropy import EntropyMap
from rorqual.analyzers.judges.kinship import family, is_executable, is_ordinary, lineage
from rorqual.analyzers.probes.between import GapContent
from rorqual.analyzers.probes.near_body import NearFormat
from rorqual.sdk import Body, Claim, Finding, Place, Room, Verdict, format_of, frozen

END_RECORD = 65_557  # bytes at the end in which a reader looks for what a format of the end has there
MOST_CLAIMS = 4096  # weighed; what is beyond lies deep in a container
MOST_ROOMS = 20_000
MOST_NAMED = 16  # claims that a verdict rests on
STICKS = 4096  # bytes at the most between a self-extractor's stub and its archive
PREAMBLE = "preamble"  # use of room before a magic number
METADATA = "metadata"
SURE, LIKELY, UNKNOWN = 0.95, 0.8, 0.6
HIDDEN = ("T1036.008",)  # Masquerading: Masquerade File Type
EMBEDDED = ("T1027.009",)  # Obfuscated Files or Information: Embedded Payloads


@frozen
class Span:
    """A claim as far as judging needs it."""

    start: int
    end: int
    format: str
    accepts_at: str
    id: str

    def accepted(self, size: int) -> bool:
        """Whether readers of the format find it in a source of `size` bytes."""
        where, _, number = self.accepts_at.partition(" ")
        if where == "anywhere":
            return True
        if where == "end":
            return self.end + END_RECORD >= size
        return self.start <= (int(number) if where == "within" else 0)

    def holds(self, other: "Span") -> bool:
        """Whether the other lies in this one and is smaller."""
        inside = self.start <= other.start and other.end <= self.end
        return inside and self.end - self.start > other.end - other.start


@dataclass(slots=True)
class Facts:
    """What a source's findings say of its formats."""

    size: int = 0
    spans: list[Span] = field(default_factory=list)
    rooms: list[tuple[int, int, str, str]] = field(default_factory=list)  # start, end, format that has it, use
    near: list[Span] = field(default_factory=list)  # what lacks its first bytes alone
    last_gap: Finding | None = None

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "Facts":
        facts = cls()
        for finding in findings:
            start, end, body = finding.offset, finding.offset + finding.size, finding.body
            match body:
                case EntropyMap():
                    facts.size = finding.size
                case Claim() if "-" not in body.format and len(facts.spans) < MOST_CLAIMS:
                    facts.spans.append(Span(start, end, body.format, body.accepts_at, finding.id))
                case Room() if len(facts.rooms) < MOST_ROOMS:
                    facts.rooms.append((start, end, body.format, body.use))
                case GapContent():
                    facts.last_gap = finding
                case NearFormat():
                    facts.near.append(Span(start, end, body.format, "start", finding.id))
                case _:
                    pass
        return facts

    @property
    def appended(self) -> Finding | None:
        """Data behind everything that a format claims."""
        gap = self.last_gap
        if gap is None or gap.offset + gap.size < self.size or not isinstance(gap.body, GapContent):
            return None
        return gap if gap.offset and gap.body.content != "filler" else None

    def hosted(self, guest: Span) -> bool:
        """Whether the guest is ordinary content of something: inside a claim, and in no room that this one leaves."""
        return any(not self._in_room(guest, host) for host in self.spans if host.holds(guest))

    def in_odd_room(self, guest: Span) -> bool:
        """Whether the guest lies in room that is no place for metadata, where profiles and thumbnails stand."""
        return any(start <= guest.start < end and use != METADATA for start, end, _, use in self.rooms)

    def _in_room(self, guest: Span, host: Span) -> bool:
        return any(
            start < guest.end and guest.start < end and family(name) == family(host.format)
            for start, end, name, _ in self.rooms
            if host.start <= start and end <= host.end
        )


@frozen
class Opinion:
    """A verdict in the making: what the spans come to."""

    kind: str
    confidence: float
    summary: str
    spans: tuple[Span, ...]
    attack: tuple[str, ...] = ()
    technique: str | None = None

    def finding(self, place: Place, analyzer: str) -> Finding:
        start, end = min(one.start for one in self.spans), max(one.end for one in self.spans)
        formats = tuple(dict.fromkeys(name for one in self.spans for name in lineage(one.format)))
        rests_on = tuple(one.id for one in self.spans[:MOST_NAMED])
        body = Verdict(self.kind, self.confidence, self.summary, rests_on, self.attack, formats, self.technique)
        return Finding(place, start, end - start, analyzer, body)


class PolyglotJudge:
    """Verdicts on sources that are more than one thing."""

    name = "polyglot"
    version = 1
    reads: frozenset[type[Body]] = frozenset({Claim, EntropyMap, GapContent, NearFormat, Room})
    says: frozenset[type[Body]] = frozenset({Verdict})

    def weigh(self, findings: Iterable[Finding], place: Place, /) -> Iterator[Finding]:
        """At most one verdict on all formats, and one on data behind them."""
        facts = Facts.of(findings)
        opinion = _opinion(facts)
        if opinion is not None:
            yield opinion.finding(place, self.name)
        host = next((one for one in facts.spans if one.start == 0), None)
        if host is not None and facts.appended is not None:
            yield _appended(self.name, place, host, facts.appended)


def _opinion(facts: Facts) -> Opinion | None:
    """What all claims together come to."""
    near = _distinct([*facts.near, *(one for one in facts.spans if one.start == 0)]) if facts.near else ()
    if len(near) > 1:
        return _near(near)
    free = [one for one in facts.spans if not facts.hosted(one)]
    accepted = _distinct([one for one in facts.spans if one.accepted(facts.size) and (one.start == 0 or one in free)])
    if not accepted:
        inside = _distinct(free)
        if not inside:
            return None
        summary = f"{_names(inside)} inside, where readers of it do not look"
        return Opinion("embedded", LIKELY, summary, inside)
    host = accepted[0]
    behind = _distinct([host, *(one for one in free if one.start >= host.end)])
    if host.start == 0 and is_executable(host.format) and len(behind) > 1 and _only_archives(accepted[1:]):
        return _executable(behind)
    if host.start == 0 and is_executable(host.format) and len(behind) == 1:
        again = next((one for one in free if one.start >= host.end and is_executable(one.format)), None)
        if again is not None and len(accepted) == 1:
            return _executable((host, again))
    if len(accepted) > 1:
        return _polyglot(facts, accepted)
    if host.start == 0 and len(behind) > 1:
        summary = f"{_names(behind[1:])} behind the end of {host.format}, where readers of it do not look"
        return Opinion("appended", LIKELY, summary, behind, EMBEDDED)
    hidden = _distinct([host, *(one for one in free if host.holds(one) and facts.in_odd_room(one))])
    if len(hidden) > 1:
        summary = f"{_names(hidden[1:])} in room that readers of {host.format} pass over"
        return Opinion("embedded", LIKELY, summary, hidden, EMBEDDED)
    return None


def _distinct(spans: list[Span]) -> tuple[Span, ...]:
    """The first span of each family; what belongs together ordinarily counts once."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.start - one.end, one.format)):
        if not any(is_ordinary(one.format, span.format) for one in chosen):
            chosen.append(span)
    return tuple(chosen)


def _only_archives(spans: tuple[Span, ...]) -> bool:
    return all(format_of(one.format).family in ("archive", "compression") for one in spans)


def _executable(spans: tuple[Span, ...]) -> Opinion:
    """What follows an executable: the archive of a self-extractor, or something else."""
    stub, first = spans[:2]
    extracting = format_of(first.format).family == "archive" and first.start - stub.end <= STICKS
    summary = f"{stub.format} followed by {_names(spans[1:])}"
    if extracting:
        return Opinion("self-extracting", LIKELY, summary, spans)
    return Opinion("appended", LIKELY, summary, spans, EMBEDDED)


def _near(spans: tuple[Span, ...]) -> Opinion:
    summary = f"{_names(spans)} but for the first bytes, which an encryption under a chosen key exchanges"
    return Opinion("near-polyglot", LIKELY, summary, spans, HIDDEN)


def _polyglot(facts: Facts, spans: tuple[Span, ...]) -> Opinion:
    where = "; ".join(f"{one.format} at {one.start:#x} to {one.end:#x}" for one in spans[:MOST_NAMED])
    summary = f"readers of each format accept it: {where}"
    return Opinion("polyglot", SURE, summary, spans, HIDDEN, _technique(facts, *spans[:2]))


def _technique(facts: Facts, one: Span, other: Span) -> str:
    """How two extents lie; `one` begins first, or is the larger of two that begin together."""
    if other.start >= one.end:
        return "stack"
    if one.start != other.start:
        return "zipper" if other.end > one.end else "parasite"
    # One begins in room that the other leaves before its magic number, or bends a field of it: a tar's first name.
    preambles = [end for start, end, _, use in facts.rooms if start == one.start and use == PREAMBLE]
    if preambles:
        return "cavity" if min(one.end, other.end) <= max(preambles) else "parasite"
    return "zipper"


def _names(spans: tuple[Span, ...]) -> str:
    return ", ".join(dict.fromkeys(one.format for one in spans[:MOST_NAMED]))


def _appended(analyzer: str, place: Place, host: Span, gap: Finding) -> Finding:
    """Data of no known format behind the end of a known one."""
    assert isinstance(gap.body, GapContent)
    summary = f"{gap.size:,} bytes of {gap.body.content} of no known format behind the end of {host.format}"
    confidence = UNKNOWN if is_executable(host.format) else LIKELY
    body = Verdict("appended", confidence, summary, (host.id, gap.id), EMBEDDED, (host.format,))
    return Finding(place, gap.offset, gap.size, analyzer, body)
