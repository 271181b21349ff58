"""What lies between the formats that were found, before the first and behind the last, and belongs to none.

It has no form of its own. Filler that a fold has found is left aside. Of the rest a few places are looked at; unless
all are alike, the bytes become a child, which is scanned as any file: bytes that a decoder of the host never reaches
are where things are hidden.
"""

import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.folds.filler import Filling
from rorqual.sdk import Codec, Hit, Kind, Region, Said, View, frozen

LEAST = 16  # bytes: less is the rest of an alignment
PLACES = 32  # looked at, evenly spread
PLACE = 512  # bytes read at each
FILLER = 0.02  # what filler compresses to, at most
TEXT = bytes((7, 8, 9, 10, 12, 13, 27, *range(0x20, 0x7F)))
PRINTABLE = 0.95  # share of text


@frozen
class GapContent:
    """What the bytes of a gap, or of a piece of it between filler, look like at the places that were looked at."""

    tag: ClassVar[str] = "gap_content"
    content: str  # "filler": of one byte or a short pattern; "text"; "data"
    begins: bytes  # with these
    sampled: int  # bytes looked at


class Between:
    """Samples each gap, and hands on what is no filler."""

    name = "between"
    version = 1
    wakes_on = (Kind("gap"),)

    def score(self, view: View, /) -> int:
        """Every gap is looked at."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        for start, end in _pieces(hit):
            at, size = start - hit.offset, end - start
            step = max(PLACE, -(-size // PLACES))
            sample = b"".join(hit.view.read(at + into, min(PLACE, size - into)) for into in range(0, size, step))
            content = _content(sample)
            yield hit.finding(at, size, GapContent(content, sample[:LEAST], len(sample)))
            if content != "filler":
                yield Region(at, size, "gap-content", Codec("gap", None))


def _pieces(hit: Hit) -> Iterator[tuple[int, int]]:
    """(start, end) in the source of what is left of the gap between stretches of filler."""
    spotted = hit.context if isinstance(hit.context, tuple) else ()
    fillings = (one.context for one in spotted if isinstance(one.context, Filling))
    stretches = sorted((one.start, one.end) for filling in fillings for one in filling.stretches)
    start, end = hit.offset, hit.offset + (hit.size or 0)
    for first, last in [*stretches, (end, end)]:
        if min(first, end) - start >= LEAST:
            yield start, min(first, end)
        start = max(start, last)


def _content(sample: bytes) -> str:
    if len(set(sample)) == 1 or (len(sample) > PLACE and len(zlib.compress(sample, 1)) < FILLER * len(sample)):
        return "filler"
    return "text" if len(sample.translate(None, TEXT)) <= (1 - PRINTABLE) * len(sample) else "data"
