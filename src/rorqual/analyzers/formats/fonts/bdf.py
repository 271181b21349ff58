"""Bitmap fonts as text (BDF): lines from STARTFONT to ENDFONT, with a count of characters.

Adobe, Glyph Bitmap Distribution Format, version 2.2. The bitmaps are not looked into.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEAD = 16 << 10
READ = 64 << 10
MOST = 64 << 20  # bytes of a font
BACK = 16
NAME = re.compile(rb"\nFONT[ \t]+([^\r\n]{1,200})")
COUNT = re.compile(rb"\nCHARS[ \t]+(\d{1,6})\s")
COMMENT = re.compile(rb"\nCOMMENT[ \t]+([^\r\n]{8,})")
END = re.compile(rb"[\r\n]ENDFONT[ \t]*(?:\r\n|\n|\r)?")
MARK = b"\nSTARTCHAR"


@frozen
class BDFFont:
    """A font; the finding spans its lines."""

    tag: ClassVar[str] = "bdf_font"
    name: str
    characters: int


class BDF:
    """Finds bitmap fonts as text anywhere."""

    name = "bdf"
    version = 1
    wakes_on = (Anchor(rb"STARTFONT 2\."),)

    def score(self, view: View, /) -> int:
        """Always: it is long enough a magic number."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, at, seen, found = hit.view, 0, 0, Found("bdf", lead=10)
        head = view.read(0, HEAD)
        name, count = NAME.search(head), COUNT.search(head)
        if name is None or count is None:
            raise Malformed(hit.offset, "a name and a count of characters")
        for remark in COMMENT.finditer(head):
            found.room(remark.start(1), len(remark[1]), "comment")
        while at < MOST:
            data = view.read(at, READ)
            end = END.search(data)
            last = end is not None or len(data) < READ
            until = end.start() if end else len(data) if last else READ - BACK
            seen += data.count(MARK, 0, until + (0 if last else len(MARK) - 1))
            if end and seen == int(count[1]):
                size = at + end.end()
                yield hit.finding(0, size, BDFFont(latin(name[1]), seen))
                yield Extent(0, size, "bdf", f"{seen} characters, as many as are told, up to ENDFONT")
                yield from found.said(hit)
                return
            if last:
                break
            at += READ - BACK
        raise Malformed(hit.offset + at, f"ENDFONT behind {int(count[1])} characters")
