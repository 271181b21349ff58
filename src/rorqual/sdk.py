"""All that an analyzer may import.

What sees every byte is a *fold*, what looks at a place is a *probe*, what draws a conclusion is a *judge*.
A fold is a monoid over windows and a probe is a pure function of (source, offset), so that spans, workers,
retries and chunk sizes cannot change a result.
"""

from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import ClassVar, Protocol, Self

from rorqual.digests import BlockDigest, Hasher
from rorqual.findings.bodies import Anomaly, Claim, Digest, FileType, Gap, Room, Summary, Verdict
from rorqual.findings.formats import Format, format_of
from rorqual.findings.record import Body, Finding, Place
from rorqual.frozen import frozen
from rorqual.histogram import (
    Histogram,
    Measure,
    byte_counts,
    chi_square,
    coarser,
    entropy,
    map_width,
    measure,
    measures,
)
from rorqual.kernels import (
    FUSED,
    Bytes,
    crlf_pairs,
    histogram,
    histograms,
    landmarks,
    periodic_runs,
    utf8_prefix,
)
from rorqual.sources.view import Fuel, Malformed, OutOfFuel, Unreadable, View

__all__ = [
    "FUSED",
    "Analyzer",
    "Anchor",
    "Anomaly",
    "BlockDigest",
    "Body",
    "Bytes",
    "Claim",
    "Closed",
    "Codec",
    "Digest",
    "Extent",
    "FileType",
    "Finding",
    "Fold",
    "Format",
    "Fuel",
    "Gap",
    "Hasher",
    "Histogram",
    "Hit",
    "Judge",
    "Kind",
    "Malformed",
    "Measure",
    "OutOfFuel",
    "Part",
    "Place",
    "Probe",
    "RangeDigest",
    "Refused",
    "Region",
    "Room",
    "Said",
    "Summary",
    "TailDigest",
    "Unreadable",
    "Verdict",
    "View",
    "Window",
    "byte_counts",
    "chi_square",
    "coarser",
    "crlf_pairs",
    "entropy",
    "format_of",
    "frozen",
    "histogram",
    "landmarks",
    "map_width",
    "measure",
    "measures",
    "periodic_runs",
    "utf8_prefix",
]


@frozen
class Anchor:
    """Wakes a probe where `regex` (fixed width, 2 to 64 bytes, no ^ $ \\b) matches; `back` leads from the match to the
    structure's start: a tar magic at 257 has back=257."""

    regex: bytes
    back: int = 0


@frozen
class Kind:
    """Wakes a probe on regions announced under this name. The engine announces "start" (offset 0 of each source),
    "end" (the offset just past its last byte) and "gap" (bytes between claimed extents; the context are the regions
    that folds spotted)."""

    name: str


@frozen
class Hit:
    """What woke a probe: a view from the structure's start on, and what announced it."""

    view: View
    trigger: Anchor | Kind
    analyzer: str
    size: int | None = None  # of the announced region, where it has one
    context: object = None  # what the announcing probe handed on with the region
    claims: tuple[tuple[int, int, str], ...] = ()  # of a candidate: all (start, end, format) claimed, by start
    passwords: tuple[str, ...] = ()  # to be tried on what is encrypted

    @property
    def offset(self) -> int:
        """The structure's start in the source, in bytes."""
        return self.view.offset

    def finding(self, at: int, size: int, body: Body) -> Finding:
        """A finding on `size` bytes at `at` of the view."""
        return Finding(self.view.place, self.view.offset + at, size, self.analyzer, body)


@frozen
class Part:
    """`size` bytes at `at` of a decoded stream that are a source of their own: a member of a solid archive."""

    at: int
    size: int
    name: str | None = None


@frozen
class Codec:
    """How a region becomes a stream: `decode` yields its bytes in pieces of at most 1 MiB, and knows where to stop:
    it may read on behind the region, where the next of its kind continues the stream. `parts` are the members that
    lie in the stream; each becomes a child of it.

    `decode` raises Malformed where the encoding breaks (what came before is kept, the rest is on the ledger). None:
    the region's own bytes are the stream, and nothing is copied (a resource, a slice of a universal binary).
    """

    name: str
    decode: Callable[[View], Iterator[bytes]] | None
    parts: tuple[Part, ...] = ()


@frozen
class Region:
    """`size` bytes at `at` of the view (None: as far as the codec reads) that others should look at.

    Without a codec it wakes the probes of `kind` on the same bytes; with one the decoded stream becomes a source of
    its own, one level down. A region that begins where the last of its codec ended continues that one's stream.
    Probes that are woken get `context` with the hit: what the announcing probe has read already, never to be changed.
    `name` is what the container calls the child: data, never a path of ours.
    """

    at: int
    size: int | None
    kind: str
    through: Codec | None = None
    context: object = None
    name: str | None = None


@frozen
class Extent:
    """A proven claim: `format`, an id of the table of formats, occupies `size` bytes at `at` of the view. The engine
    makes a finding of it, with a `Claim` as its body.

    `proof` says what was checked; `accepts_at` where readers of that format look for its start: "start", "within N",
    "fixed N", "end" or "anywhere".
    """

    at: int
    size: int
    format: str
    proof: str
    accepts_at: str = "start"


@frozen
class Closed:
    """`size` bytes at `at` of the view are closed to everyone without a key; `why` begins with what closes them
    ("encrypted …"). The ledger calls them opaque."""

    at: int
    size: int
    why: str


@frozen
class Refused:
    """`size` bytes at `at` of the view are not decoded: they would need more than `allowance` of `limit` (a
    dictionary's bytes, a method that nobody here decodes). The ledger calls them missed."""

    at: int
    size: int
    limit: str
    allowance: int


@frozen
class RangeDigest:
    """Asks for measures over `ranges` ((offset, size) in the source): each of `fields` is filled into the field of
    that name of the finding's body. It rides the sweep where the bytes are still ahead.

    Measures are "entropy" (bits a byte), "sum16" (the sum of all little-endian 16-bit words, an odd last byte being
    the low half of one) and the digests "md5", "sha1", "sha256", "sha384" and "sha512" (hex digits).
    `then` says what comes of the filled finding, which stands in for it; by default it is said as it is.
    """

    finding: Finding
    ranges: tuple[tuple[int, int], ...]
    fields: tuple[str, ...]
    then: Callable[[Finding], Iterable[Finding]] | None = None


@frozen
class TailDigest:
    """Foretells that a probe woken by "end" will ask for these measures from `offset` of the source to its end, so
    that they ride the sweep although nobody knows yet where that is."""

    offset: int
    fields: tuple[str, ...]


Said = Finding | Region | Extent | Closed | Refused | RangeDigest | TailDigest


class Window:
    """Consecutive bytes of a source, shared by all folds; the buffer is reused, so keep copies, never slices."""

    __slots__ = ("_counting", "_pieces", "data", "offset")

    def __init__(self, offset: int, data: memoryview | bytes) -> None:
        self.offset = offset
        self.data = memoryview(data)
        self._pieces: tuple[Histogram, ...] | None = None
        self._counting = Lock()

    @property
    def end(self) -> int:
        """The offset just past the last byte."""
        return self.offset + len(self.data)

    @property
    def width(self) -> int:
        """The grid of `pieces`: the width of the map's bins in a source that ends here."""
        return map_width(self.end)

    def pieces(self) -> tuple[Histogram, ...]:
        """Byte histograms of the window cut at the multiples of `width`, made once for all who ask."""
        with self._counting:
            if self._pieces is None:
                lead = -self.offset % self.width
                self._pieces = histograms(self.data, lead, self.width)
            return self._pieces

    def histogram(self, start: int, end: int) -> Histogram:
        """The byte histogram of the source's bytes `start` to `end`, which must lie in the window."""
        width, pieces = self.width, self.pieces()
        first = self.offset // width
        inner, outer = -(-start // width), end // width
        if self.end == end and end % width:
            outer += 1  # the last piece is short, and it is all there
        if self.offset == start and start % width:
            inner -= 1  # so is the first
        if inner >= outer:
            return histogram(self.data[start - self.offset : end - self.offset])
        total = sum(pieces[inner - first : outer - first])
        if start < inner * width:
            total += histogram(self.data[start - self.offset : inner * width - self.offset])
        if outer * width < end:
            total += histogram(self.data[outer * width - self.offset : end - self.offset])
        return total


class Analyzer(Protocol):
    """What every analyzer has: a name, unique in a plan, and a version that grows whenever its results may change.

    One whose results depend on more than that says so in `options`, a tuple that goes into the plan's fingerprint.
    """

    name: str
    version: int


class Probe(Analyzer, Protocol):
    """Looks at a place. Holds no state: an examination depends on the source and the offset alone.

    One that wakes others names the kinds of the regions it announces in `announces`, a tuple of text: what it misses
    they do too, and the ledger says so. A fold that spots candidates does the same. One that wakes on "end" for sources
    that begin in a few ways names these in `heads`, a tuple of at most 64 bytes each, and is not woken for others.
    """

    wakes_on: tuple[Anchor | Kind, ...]

    def score(self, view: View, /) -> int:
        """The prefilter: constant time, a few bytes read; 0 drops the hit, more is better where the ration is short."""
        ...

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """What is there. Raises Malformed where the bytes are not what the trigger hoped for."""
        ...


class Fold(Analyzer, Protocol):
    """A monoid over windows. `feed` takes what follows what was fed before; an unfed instance is the neutral element.

    State is integers and bytes; floats appear in `finish` only.

    A fold that only spots what a probe must look at yields a Region, whose `at` counts in the source and whose kind
    begins with "candidate:"; the probes of that kind are woken once the source has ended. It keeps them few.

    A sequential one that is nothing but a BlockDigest of all it is fed may have it as the property `digest`: then the
    engine advances that in place of `feed`, in one loop with those of other folds and of range digests.
    """

    sequential: ClassVar[bool]  # True: never split (SHA-256); merge is not called

    def fresh(self) -> Self:
        """An unfed instance with the same options."""
        ...

    def feed(self, window: Window, /) -> None: ...

    def merge(self, later: Self, /) -> None:
        """Takes in `later`, which begins where self ended."""
        ...

    def drain(self, place: Place, /) -> Iterator[Finding | Region]:
        """What no neighbour can change any more, each finding once; called on a fold that began at offset 0."""
        ...

    def finish(self, place: Place, /) -> Iterator[Finding | Region]:
        """All the rest, once the source has ended."""
        ...


class Judge(Analyzer, Protocol):
    """Facts to opinions, over the sorted findings of one source; runs after the judges whose bodies it reads."""

    reads: frozenset[type[Body]]
    says: frozenset[type[Body]]

    def weigh(self, findings: Iterable[Finding], place: Place, /) -> Iterator[Finding]: ...
