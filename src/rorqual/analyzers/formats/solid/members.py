"""What archives of every kind have in common: long tables of members, and names that are traps."""

import re
from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

from rorqual.sdk import Anomaly, Hit, Refused, Said

ROWS = 256  # to a finding
LONGEST_NAME = 1024  # characters kept
_CLIMBS = re.compile(r"(^|[/\\])\.\.([/\\]|$)")
_ROOTED = re.compile(r"^([/\\]|[A-Za-z]:)")
_REVERSED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TRAPS = 8  # anomalies of a kind told of in one archive

Row = TypeVar("Row", bound=NamedTuple)


class Table(Generic[Row]):
    """Rows that wait for a finding, and the bytes they were read from."""

    def __init__(self) -> None:
        self.first = 0
        self._rows: list[Row] = []
        self._start = self._end = 0

    def add(self, at: int, size: int, row: Row) -> Iterator[tuple[int, int, int, tuple[Row, ...]]]:
        """Takes a row; gives (at, size, index of the first, rows) once a finding is full."""
        self._start = min(self._start, at) if self._rows else at
        self._end = max(self._end, at + size) if self._rows else at + size
        self._rows.append(row)
        if len(self._rows) == ROWS:
            yield from self.rest()

    def rest(self) -> Iterator[tuple[int, int, int, tuple[Row, ...]]]:
        """Those that are left."""
        if self._rows:
            part, self._rows = tuple(self._rows), []
            first, self.first = self.first, self.first + len(part)
            yield self._start, self._end - self._start, first, part


class Missed:
    """Spans that nobody decodes: those with only headers between them are told of together."""

    def __init__(self, limit: str = "method", allowance: int = 0) -> None:
        self._said = limit, allowance
        self._start: int | None = None
        self._end = 0

    def add(self, at: int, size: int) -> None:
        if self._start is None:
            self._start = at
        self._end = at + size

    def rest(self) -> Iterator[Said]:
        """The span so far; to be said before one that is seen, and at the end."""
        if self._start is not None and self._end > self._start:
            yield Refused(self._start, self._end - self._start, *self._said)
        self._start = None


class Traps:
    """Names that lead an unpacker, or the eye, astray."""

    def __init__(self, hit: Hit) -> None:
        self._hit = hit
        self._told: dict[str, int] = {}

    def name(self, at: int, size: int, name: str) -> Iterator[Said]:
        """What is wrong with a member's name, read from `size` bytes at `at`."""
        if _CLIMBS.search(name):
            yield from self.tell(at, size, Anomaly("path_traversal", name[:256]))
        if _ROOTED.match(name):
            yield from self.tell(at, size, Anomaly("absolute_path", name[:256]))
        if _REVERSED.search(name):
            yield from self.tell(at, size, Anomaly("name_reverses_text", ascii(name[:256]), attack=("T1036.002",)))

    def link(self, at: int, size: int, name: str, target: str) -> Iterator[Said]:
        """A link that leads out of the archive."""
        if _CLIMBS.search(target) or _ROOTED.match(target):
            yield from self.tell(at, size, Anomaly("link_leads_outside", f"{name[:128]} to {target[:128]}"))

    def tell(self, at: int, size: int, anomaly: Anomaly) -> Iterator[Said]:
        """The anomaly, unless there were many of its name."""
        told = self._told.get(anomaly.name, 0)
        self._told[anomaly.name] = told + 1
        if told < _TRAPS:
            yield self._hit.finding(at, size, anomaly)
