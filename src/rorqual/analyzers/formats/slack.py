"""Bytes of an executable that nothing in its headers accounts for: where a loader never looks, anything may stand."""

from collections.abc import Iterable, Iterator

from rorqual.sdk import Finding, Hit, Room

LEAST = 8  # bytes
LOOKED_AT = 4096  # bytes at the start of a stretch; one of zeros so far is an alignment
MOST = 256  # stretches told of


def slack(hit: Hit, covered: Iterable[tuple[int, int]], end: int, format: str) -> Iterator[Finding]:
    """Room between the (start, end) stretches that headers and sections take, up to `end`."""
    at = told = 0
    for start, stop in sorted([*covered, (end, end)]):
        if min(start, end) - at >= LEAST and told < MOST and any(hit.view.read(at, min(LOOKED_AT, start - at))):
            yield hit.finding(at, min(start, end) - at, Room(format, "slack"))
            told += 1
        at = max(at, stop)
