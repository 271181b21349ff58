"""Type 1 fonts of PostScript as text: a part in clear, "eexec", hexadecimal digits, zeros and "cleartomark".

Adobe Type 1 Font Format, 1990. Those in binary segments (PFB) are another format.
"""

import re
from collections.abc import Iterator

from rorqual.analyzers.formats.fonts.pfb import HEAD, type1
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View

READ = 64 << 10
MOST = 64 << 20  # bytes of a font
BACK = 32
END = re.compile(rb"cleartomark[ \t]*(?:\r?\n?[ \t]*\{[ \t]*restore[ \t]*\}[ \t]*if)?[ \t]*(?:\r\n|\n|\r)?")


class PFA:
    """Finds Type 1 fonts as text anywhere."""

    name = "pfa"
    version = 1
    wakes_on = (Anchor(rb"%!PS-AdobeFont-1\."), Anchor(rb"%!FontType1-1\."))

    def score(self, view: View, /) -> int:
        """No segment begins before it."""
        back = min(6, view.offset)
        return int(view.sub(-back).read(0, back)[:2] != b"\x80\x01")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, at, seen = hit.view, 0, False
        head = view.read(0, HEAD)
        while at < MOST:
            data = view.read(at, READ)
            seen = seen or b"eexec" in data
            place = data.find(b"cleartomark")
            if seen and place >= 0:
                met = END.match(view.read(at + place, 64))
                if met:
                    end = at + place + met.end()
                    yield hit.finding(0, end, type1(head, 0, binary=False))
                    yield Extent(0, end, "pfa", "eexec and cleartomark end the text")
                    return
            if len(data) < READ:
                break
            at += READ - BACK
        raise Malformed(hit.offset + at, "eexec and cleartomark")
