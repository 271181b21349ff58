"""What lies between: the bytes of a source that no claimed extent covers, named by their neighbours."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rorqual.findings.bodies import Gap


class Hole(NamedTuple):
    """A gap and where it is: bytes `start` to `end`."""

    start: int
    end: int
    body: Gap


def gaps(claims: Iterable[tuple[int, int, str]], size: int) -> Iterator[Hole]:
    """The holes that (start, end, format) claims leave in `size` bytes, in order.

    A source that nothing claims from its first byte or to its last is not a container with gaps but data with
    something inside, and has none.
    """
    ordered = sorted((start, min(end, size), name) for start, end, name in claims if start < size)
    if not ordered or (ordered[0][0] > 0 and max(end for _, end, _ in ordered) < size):
        return
    at, last = 0, None
    for start, end, name in ordered:
        if start > at:
            yield Hole(at, start, Gap(last, name))
        if end > at:
            at, last = end, name
    if at < size:
        yield Hole(at, size, Gap(last, None))
