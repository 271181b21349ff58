"""What lies between the formats that were found, before the first and behind the last, and belongs to none.

It has no form of its own. A few places are looked at; unless all are alike, as in filler, the bytes become a child,
which is scanned as any file: bytes that a decoder of the host never reaches are where things are hidden.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rorqual.sdk import Codec, Hit, Kind, Region, Said, View

LEAST = 16  # bytes: less is the rest of an alignment
PLACES = 32  # looked at, evenly spread
PLACE = 512  # bytes read at each
FILLER = 0.02  # what filler compresses to, at most
TEXT = bytes((7, 8, 9, 10, 12, 13, 27, *range(0x20, 0x7F)))
PRINTABLE = 0.95  # share of text


@dataclass(frozen=True, slots=True)
class GapContent:
    """What the bytes of a gap look like at the places that were looked at."""

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
        size = hit.size or 0
        if size < LEAST:
            return
        step = max(PLACE, -(-size // PLACES))
        sample = b"".join(hit.view.read(at, min(PLACE, size - at)) for at in range(0, size, step))
        content = _content(sample)
        yield hit.finding(0, size, GapContent(content, sample[:LEAST], len(sample)))
        if content != "filler":
            yield Region(0, size, "gap-content", Codec("gap", None))


def _content(sample: bytes) -> str:
    if len(set(sample)) == 1 or (len(sample) > PLACE and len(zlib.compress(sample, 1)) < FILLER * len(sample)):
        return "filler"
    return "text" if len(sample.translate(None, TEXT)) <= (1 - PRINTABLE) * len(sample) else "data"
