"""Sun raster images: a header of eight numbers, a colour map, rows of whole 16-bit words; big-endian.

rasterfile(5) of SunOS.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER = 32
TYPES = {0: "old", 1: "standard", 2: "runs", 3: "rgb"}
PLAIN = (0, 1, 3)
CEILING = 1 << 30


@frozen
class SunRaster:
    """An image; the finding spans it as far as it is there."""

    tag: ClassVar[str] = "sun_raster"
    width: int
    height: int
    depth: int
    kind: str
    stated: int  # bytes of the rows


class SunRasterProbe:
    """Finds Sun raster images anywhere."""

    name = "sunraster"
    version = 1
    wakes_on = (Anchor(rb"\x59\xa6\x6a\x95\x00[\x00-\xff]{3}\x00[\x00-\xff]{3}\x00\x00\x00[\x01\x08\x18\x20]"),)

    def score(self, view: View, /) -> int:
        """A kind and a colour map there are."""
        head = view.read(20, 12)
        return int(len(head) == 12 and head[3] in TYPES and not head[:3].strip(b"\0") and head[7] <= 2)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        width, height, depth, stated, kind, _, mapped = (
            int.from_bytes(head[at : at + 4], "big") for at in range(4, HEADER, 4)
        )
        rows = (width * depth + 15) // 16 * 2 * height
        if not rows or max(rows, stated) > CEILING or mapped > 1 << 16:
            raise Malformed(hit.offset + 4, "sides of a picture")
        if kind in PLAIN and stated not in (0, rows):
            raise Malformed(hit.offset + 16, f"{rows} bytes of rows, found {stated}")
        size = HEADER + mapped + (rows if kind in PLAIN else stated)
        present = view.within(0, size)
        yield hit.finding(0, present, SunRaster(width, height, depth, TYPES[kind], stated))
        if present < size or not size > HEADER + mapped:
            return
        yield Extent(0, size, "sunraster", "the length of the rows fits their count and width")
        found = Found("sunraster")
        if depth > 8 and mapped:
            found.room(HEADER, mapped, "unused")
        yield from found.said(hit)
