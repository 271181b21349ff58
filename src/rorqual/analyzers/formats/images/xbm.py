"""X bitmaps: C source of two or four definitions and an array of bytes in hexadecimal.

X11's Xlib manual, section 16.9. Arrays of 16-bit numbers (X10) are bitmaps too.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

BEFORE = 200  # bytes: "#define" and a name
HEAD = 4096
READ = 64 << 10
WIDTH = re.compile(rb"#define[ \t]+(\w*?)_?width[ \t]+(\d{1,6})\s")
HEIGHT = re.compile(rb"\s*#define[ \t]+\w*?_?height[ \t]+(\d{1,6})\s")
HOT = re.compile(rb"\s*#define[ \t]+\w*_[xy]_hot[ \t]+\d{1,6}\s")
ARRAY = re.compile(
    rb"\s*static[ \t]+(?:const[ \t]+)?(?:unsigned[ \t]+)?(char|short)[ \t]+\w*bits[ \t]*\[[^\]]{0,16}\]\s*=\s*\{"
)
SPACE = re.compile(rb"(?:\s|/\*[^*]{0,1000}\*/)*")
NUMBER = re.compile(rb"\s*(?:0[xX][0-9a-fA-F]{1,4}|\d{1,5})\s*,?")
END = re.compile(rb"\s*\}\s*;?[ \t]*\r?\n?")


@frozen
class XBMImage:
    """A bitmap; the finding spans definitions and array."""

    tag: ClassVar[str] = "xbm_image"
    name: str
    width: int
    height: int


class XBM:
    """Finds X bitmaps anywhere."""

    name = "xbm"
    version = 1
    wakes_on = (Anchor(rb"_width [1-9]"),)

    def score(self, view: View, /) -> int:
        """A definition is before it."""
        back = min(64, view.offset)
        return int(b"#define " in view.sub(-back).read(0, back))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        back = min(BEFORE, hit.offset)
        before = hit.view.sub(-back).read(0, back)
        start = before.rfind(b"#define") - back
        if start < -back:
            raise Malformed(hit.offset, "a definition")
        view = hit.view.sub(start)
        head = view.read(0, HEAD)
        width = WIDTH.match(head)
        height = HEIGHT.match(head, width.end() - 1) if width else None
        if width is None or height is None:
            raise Malformed(hit.offset, "width and height")
        at = height.end() - 1
        while hot := HOT.match(head, at):
            at = hot.end() - 1
        array = ARRAY.match(head, _past(head, at))
        if array is None:
            raise Malformed(view.offset + at, "an array of bits")
        rows, unit = int(height[1]), 8 if array[1] == b"char" else 16
        count = (int(width[2]) + unit - 1) // unit * rows
        if not 0 < count < 1 << 26:
            raise Malformed(view.offset, "sides of a picture")
        end = _numbers_end(view, array.end(), count)
        yield hit.finding(start, end, XBMImage(latin(width[1]), int(width[2]), rows))
        yield Extent(start, end, "xbm", f"an array of {count} numbers for {rows} rows")
        yield from Found("xbm").said(hit)


def _past(head: bytes, at: int) -> int:
    met = SPACE.match(head, at)
    return met.end() if met else at


def _numbers_end(view: View, at: int, count: int) -> int:
    """Where the array of so many numbers ends.

    Raises:
        Malformed: there are not so many.
    """
    while True:
        data, place = view.read(at, READ), 0
        while count and (met := NUMBER.match(data, place)) and (met.end() < len(data) or len(data) < READ):
            place, count = met.end(), count - 1
        view.step(place // 32 + 1)
        if not count:
            ends = END.match(data, place) if len(data) - place > 64 else END.match(view.read(at + place, 256))
            if ends is None:
                raise Malformed(view.offset + at + place, "the end of the array")
            return at + ends.end() if len(data) - place > 64 else at + place + ends.end()
        if not place:
            raise Malformed(view.offset + at, f"{count} more numbers")
        at += place
