"""JPEG 2000 codestreams that stand in no box: SOC to EOC (ITU-T T.800 annex A)."""

from collections.abc import Iterator

from rorqual.analyzers.formats.images.codestream import codestream
from rorqual.analyzers.formats.images.jp2 import JPEG2000Image
from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Said, View


class J2K:
    """Finds codestreams that stand in no box."""

    name = "j2k"
    version = 1
    wakes_on = (Anchor(rb"\xff\x4f\xff\x51[\x00-\xbf][\x00-\xff][\x00-\xff]{2}"),)

    def score(self, view: View, /) -> int:
        """No box of a codestream is around it, and SIZ has the size of so many components."""
        back = min(12, view.offset)
        if b"jp2c" in view.sub(-back).read(0, back):
            return 0
        head = view.read(4, 38)
        size, components = int.from_bytes(head[:2], "big"), int.from_bytes(head[36:], "big")
        return int(len(head) == 38 and size == 38 + 3 * components)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        found = Found("j2k")
        stream = codestream(hit.view, 0)
        for place in stream.comments:
            found.room(*place, "comment")
        yield hit.finding(0, stream.end, JPEG2000Image(None, *stream[:4], (), latin(stream.comment) or None))
        yield Extent(0, stream.end, "j2k", f"{stream.tiles} tile-parts from SOC to EOC")
        yield from found.said(hit)
