"""X pixmaps, version 3: C source that begins with a remark, and an array of strings: sizes, colours, rows.

https://www.x.org/docs/XPM/xpm.pdf.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEAD = 4096
READ = 64 << 10
VALUES = re.compile(
    rb"[^\"]*?static[^\"{}]*\{[^\"]*?\"[ \t]*(\d{1,6})[ \t]+(\d{1,6})[ \t]+(\d{1,5})[ \t]+(\d{1,2})[^\"]*\""
)
STRING = re.compile(rb"(?:[\s,]|/\*(?:[^*]|\*(?!/)){0,1000}\*/)*\"[^\"\n]*\"")
END = re.compile(rb"(?:[\s,]|/\*(?:[^*]|\*(?!/)){0,1000}\*/)*\}[ \t]*;?[ \t]*\r?\n?")
REMARK = re.compile(rb"/\*((?:[^*]|\*(?!/)){8,1000})\*/")


@frozen
class XPMImage:
    """A pixmap; the finding spans it from the remark to the end of the array."""

    tag: ClassVar[str] = "xpm_image"
    width: int
    height: int
    colours: int
    characters: int  # of a pixel


class XPM:
    """Finds X pixmaps anywhere."""

    name = "xpm"
    version = 1
    wakes_on = (Anchor(rb"/\x2a XPM \x2a/"),)

    def score(self, view: View, /) -> int:
        """An array begins."""
        return int(b"static" in view.read(9, 512))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found = hit.view, Found("xpm")
        head = view.read(0, HEAD)
        values = VALUES.match(head, 9)
        if values is None:
            raise Malformed(hit.offset, "the values of a pixmap")
        width, height, colours, characters = map(int, values.groups())
        for remark in REMARK.finditer(head, 9, values.end()):
            found.room(remark.start(1), len(remark[1]), "comment")
        end = _strings_end(view, values.end(), colours + height)
        yield hit.finding(0, end, XPMImage(width, height, colours, characters))
        yield Extent(0, end, "xpm", f"an array of {colours} colours and {height} rows")
        yield from found.said(hit)


def _strings_end(view: View, at: int, count: int) -> int:
    """Where the array ends behind so many strings.

    Raises:
        Malformed: there are not so many.
    """
    while True:
        data, place = view.read(at, READ), 0
        while count and (met := STRING.match(data, place)):
            place, count = met.end(), count - 1
        view.step(place // 32 + 1)
        if not count:
            ends = END.match(view.read(at + place, 2048))
            if ends is None:
                raise Malformed(view.offset + at + place, "the end of the array")
            return at + place + ends.end()
        if not place:
            raise Malformed(view.offset + at, f"{count} more strings")
        at += place
