"""All anchors against a span, in one pass: Hyperscan where there is a wheel, else a slow reference with the same hits.

A span is matched on its own: the matcher is warmed on the bytes before it, and a hit belongs to the span that holds
its last byte. Hits come slice by slice, so that a flood of them is never held for a whole window.
"""

import re
from array import array
from collections.abc import Callable
from typing import Protocol

from rorqual.engine.patterns import Patterns

SLICE = 256 << 10  # bytes matched between two deliveries: what bounds the hits held in a flood
NUMBER_BITS = 20  # of a packed hit: end << NUMBER_BITS | number of the pattern

Deliver = Callable[["array[int]"], None]


class MatcherFailed(Exception):
    """The matcher gave up on a span; its hits so far are not to be used."""


class Matcher(Protocol):
    """Matches spans; an instance serves one thread at a time."""

    name: str

    def match(self, data: memoryview, warm: int, deliver: Deliver) -> None:
        """Delivers the hits that end in `data[warm:]`, packed, ends counted in `data`, in order of (end, number).

        Raises:
            MatcherFailed: nothing delivered counts.
        """
        ...


class ReferenceMatcher:
    """The oracle: one lookahead expression for each pattern, from Python's own `re`."""

    name = "reference"

    def __init__(self, patterns: Patterns) -> None:
        self._expressions = [
            (pattern.number, pattern.width, re.compile(b"(?=" + pattern.anchor.regex + b")", re.DOTALL))
            for pattern in patterns
        ]

    def match(self, data: memoryview, warm: int, deliver: Deliver) -> None:
        for start in range(warm, len(data), SLICE):
            end = min(len(data), start + SLICE)
            hits: list[int] = []
            for number, width, expression in self._expressions:
                # A hit that ends in (start, end] begins in (start - width, end - width].
                for found in expression.finditer(data, max(0, start - width + 1), end):
                    hits.append(found.start() + width << NUMBER_BITS | number)
            hits.sort()
            deliver(array("Q", hits))


class HyperscanMatcher:
    """One streaming database for all patterns; stream state and scratch live as long as the matcher."""

    name = "hyperscan"

    def __init__(self, database: object) -> None:
        import hyperscan  # noqa: PLC0415 - there is not a wheel for every machine

        assert isinstance(database, hyperscan.Database)
        self._database = database
        self._scratch = hyperscan.Scratch(database)
        self._failed = hyperscan.error
        self._hits = array("Q")
        hits = self._hits

        def take(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            hits.append(end << NUMBER_BITS | number)

        self._take = take  # the binding does not keep the handler alive

    def match(self, data: memoryview, warm: int, deliver: Deliver) -> None:
        hits, scratch = self._hits, self._scratch
        try:
            stream = self._database.stream(match_event_handler=self._take)
            with stream:
                if warm:
                    stream.scan(data[:warm], scratch=scratch)  # type: ignore[type-var]  # takes any buffer
                    del hits[:]
                for start in range(warm, len(data), SLICE):
                    stream.scan(data[start : start + SLICE], scratch=scratch)  # type: ignore[type-var]  # the same
                    if hits:
                        deliver(array("Q", sorted(hits)))
                        del hits[:]
        except self._failed as error:
            raise MatcherFailed(f"{type(error).__name__}: {error}") from error
        finally:
            del hits[:]
