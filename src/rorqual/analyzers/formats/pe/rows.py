"""Rows of a long table, gathered until they make a finding."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Generic, NamedTuple, TypeVar

ROWS = 256  # to a finding

Row = TypeVar("Row", bound=NamedTuple)


def made(row: type[Row], *columns: Iterable[object]) -> tuple[Row, ...]:
    """Rows from columns. A class of named tuples makes each with a function in Python; here none is called."""
    return tuple(map(tuple.__new__, repeat(row), zip(*columns, strict=False)))


@dataclass(slots=True)
class Rows(Generic[Row]):
    """Rows that wait for a finding, and the bytes they were read from."""

    first: int = 0
    rows: list[Row] = field(default_factory=list)
    start: int = 0
    end: int = 0

    def add(self, at: int, size: int, rows: Iterable[Row]) -> Iterator[tuple[int, int, int, tuple[Row, ...]]]:
        """Takes rows; gives (at, size, index of the first, rows) of full findings."""
        self.start = min(self.start, at) if self.rows else at
        self.end = max(self.end, at + size) if self.rows else at + size
        self.rows += rows
        while len(self.rows) >= ROWS:
            yield from self.rest()
            self.start, self.end = at, at + size

    def rest(self) -> Iterator[tuple[int, int, int, tuple[Row, ...]]]:
        """As many as one finding holds."""
        part = tuple(self.rows[:ROWS])
        if part:
            first, self.first = self.first, self.first + len(part)
            del self.rows[:ROWS]
            yield self.start, self.end - self.start, first, part
