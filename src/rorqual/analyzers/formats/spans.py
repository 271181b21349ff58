"""Which bytes of a structure nothing in it refers to."""

from collections.abc import Iterable, Iterator


def gaps(spans: Iterable[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What lies between `start` and `end` outside all `spans`, which are (start, end) pairs; so are the gaps."""
    at = start
    for first, last in sorted(spans):
        if first > at:
            yield at, min(first, end)
        at = max(at, last)
        if at >= end:
            return
    if at < end:
        yield at, end
